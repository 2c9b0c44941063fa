import { at, callerOf, SourcePlace } from "../../../src/framework/metadata/source-place.js";

function Decorator(): SourcePlace {
  return callerOf(Decorator);
}

describe("the place of a decorator", () => {
  it("is the line that calls it, relative to the working directory", () => {
    const place = Decorator();
    expect(place.file).toBe("test/framework/metadata/source-place.spec.ts");
    expect(String(place)).toBe(`${place.file}:${place.line}`);
    expect(Decorator().line - place.line).toBe(3);
  });

  it("leaves the length of stacks alone", () => {
    const { stackTraceLimit } = Error;
    Decorator();
    expect(Error.stackTraceLimit).toBe(stackTraceLimit);
  });

  it.each([
    ["at file:///other/place/chat.js:12:3", "/other/place/chat.js", 12],
    ["at Object.<anonymous> (/other/place/chat.js:12:3)", "/other/place/chat.js", 12],
    ["at Module._compile (node:internal/modules/cjs/loader:1:2)", "node:internal/modules/cjs/loader", 1],
    [`at <static_initializer> (${process.cwd()}/src/a (b)/chat.ts:7:3)`, "src/a (b)/chat.ts", 7],
  ])("is read from the frame %s", (frame, file, line) => {
    const place = new SourcePlace({ stack: `Error\n    ${frame}` });
    expect(JSON.parse(JSON.stringify(place))).toEqual({ file, line });
  });

  it.each(["Error", "Error\n    at <anonymous>", undefined])("is empty when the engine says %p", (stack) => {
    const place = new SourcePlace(stack === undefined ? {} : { stack });
    expect([place.file, place.line, String(place)]).toEqual(["", 0, ""]);
  });

  it("stands in brackets after what it belongs to, when it is known", () => {
    expect(at("ChatGateway.send", new SourcePlace({ stack: "Error\n    at f (/a/chat.js:12:3)" }))).toBe(
      "ChatGateway.send (/a/chat.js:12)",
    );
    expect(at("ChatGateway.send", new SourcePlace({}))).toBe("ChatGateway.send");
    expect(at("ChatGateway.send", undefined)).toBe("ChatGateway.send");
  });
});
