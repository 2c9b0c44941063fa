import { runInNewContext } from "node:vm";
import { consoleLogger, silentLogger } from "../../src/common/index.js";

const written = { stdout: "", stderr: "" };

beforeEach(() => {
  for (const stream of ["stdout", "stderr"] as const) {
    written[stream] = "";
    jest.spyOn(process[stream], "write").mockImplementation((text) => {
      written[stream] += String(text);
      return true;
    });
  }
});

afterEach(() => jest.restoreAllMocks());

describe("consoleLogger", () => {
  it("writes warnings and errors to stderr, information to stdout", () => {
    consoleLogger.info("one");
    consoleLogger.warn("two");
    consoleLogger.error("three");

    expect(written).toEqual({ stdout: "info one\n", stderr: "warn two\nerror three\n" });
  });

  it("drops what is for debugging", () => {
    consoleLogger.debug("one", { two: 2 });

    expect(written).toEqual({ stdout: "", stderr: "" });
  });

  it("writes the fields after the message", () => {
    consoleLogger.info("joined", { room: "a b", count: 2, list: [1], nothing: undefined, none: null });

    expect(written.stdout).toBe("info joined room=a b count=2 list=[1] nothing=undefined none=null\n");
  });

  it("writes the stack of an error on lines of its own", () => {
    consoleLogger.error("failed", { error: new TypeError("why") });

    expect(written.stderr).toMatch(/^error failed error=TypeError: why\n {4}at .+logger\.spec\.ts/);
  });

  it("writes the stack of another realm's error", () => {
    consoleLogger.error("failed", { error: runInNewContext('new TypeError("why")') as unknown });

    expect(written.stderr).toMatch(/^error failed error=TypeError: why\n {4}at /);
  });

  it.each([
    ["a line break", "a\nb", "a\\u000ab"],
    ["a line break that looks like a stack", "a\n    at b", "a\\u000a    at b"],
    ["a carriage return", "a\rb", "a\\u000db"],
    ["an ANSI sequence", "\u001b[31mred", "\\u001b[31mred"],
    ["an ANSI sequence of one character", "\u009b31mred", "\\u009b31mred"],
    ["a null byte", "a\u0000", "a\\u0000"],
    ["a separator of lines", "a\u2028b\u2029c", "a\\u2028b\\u2029c"],
    ["a change of direction", "a\u202eb\u2066c", "a\\u202eb\\u2066c"],
  ])("escapes %s wherever a client could have put it", (_what, text, escaped) => {
    consoleLogger.warn(text, { field: text });
    consoleLogger.warn("in an error", { error: Object.assign(new Error(text), { stack: `Error: ${text}\n    at x` }) });

    expect(written.stderr).toBe(
      `warn ${escaped} field=${escaped}\nwarn in an error error=Error: ${escaped}\n    at x\n`,
    );
  });

  it("leaves tabs and all that is not a control character alone", () => {
    consoleLogger.info("\té🐦 %s");

    expect(written.stdout).toBe("info \té🐦 %s\n");
  });

  it.each<[name: string, value: unknown, text: string]>([
    ["a cycle", cycle(), "[object Object]"],
    ["a cycle without a prototype", Object.setPrototypeOf(cycle(), null), "[object Object]"],
    ["a big integer", 1n, "[object BigInt]"],
    ["a function", () => undefined, "function"],
    ["a symbol", Symbol("s"), "symbol"],
    ["a toJSON that throws", { toJSON: () => JSON.parse("{") as unknown }, "[object Object]"],
  ])("does not throw over %s", (_name, value, text) => {
    consoleLogger.info("odd", { value });

    expect(written.stdout).toBe(`info odd value=${text}\n`);
  });

  it("does not throw over an error without a stack", () => {
    consoleLogger.info("odd", { error: Object.assign(new Error("why"), { stack: undefined }) });

    expect(written.stdout).toBe("info odd error=why\n");
  });
});

describe("silentLogger", () => {
  it("writes nothing", () => {
    silentLogger.debug("one");
    silentLogger.info("two");
    silentLogger.warn("three");
    silentLogger.error("four", { error: new Error("five") });

    expect(written).toEqual({ stdout: "", stderr: "" });
  });
});

function cycle(): object {
  const value: { self?: object } = {};
  value.self = value;
  return value;
}
