import { toEventContract } from "../../../src/framework/gateway/event-pattern.js";
import { bySpecificity } from "../../../src/framework/gateway/pattern-text.js";

const contractOf = (pattern: string | RegExp) =>
  toEventContract({ kind: "event", pattern, isShared: false }, "ChatGateway.handle");

/** The parts of `event` that the pattern reads; `undefined` when it does not match. */
function read(pattern: string | RegExp, event: string): Record<string, string> | undefined {
  const contract = contractOf(pattern);
  return contract.expression?.test(event) === true ? { ...contract.read(event) } : undefined;
}

describe("the event of a handler", () => {
  it.each(["send", "message:send", "update item", ":id", "a:b/c.d", "$x", "?"])("is the name %s", (name) => {
    expect(contractOf(name)).toMatchObject({ kind: "name", name, params: [], expression: undefined });
    expect(contractOf(name).read(name)).toEqual({});
  });

  it("has wildcards, each for one part between separators", () => {
    expect(read("order:*", "order:created")).toEqual({ "0": "created" });
    expect(read("order:*", "order:created ok")).toEqual({ "0": "created ok" });
    expect(read("*:created", "order:created")).toEqual({ "0": "order" });
    expect(read("*/b.*", "a/b.c")).toEqual({ "0": "a", "1": "c" });
    for (const event of ["order", "order:", "order:item:added", "order:a/b", "order:a.b", "my order:x", "ORDER:x"]) {
      expect([event, read("order:*", event)]).toEqual([event, undefined]);
    }
  });

  it("has a last wildcard for all that follows", () => {
    expect(read("order:**", "order:item:added")).toEqual({ "0": "item:added" });
    expect(read("*:**", "a:b/c\n")).toEqual({ "0": "a", "1": "b/c\n" });
    expect(read("**", "anything: at all")).toEqual({ "0": "anything: at all" });
    expect(read("order:**", "order:")).toBeUndefined();
  });

  it("has parameters between slashes, by name", () => {
    expect(contractOf("order/:id/*")).toMatchObject({ kind: "pattern", params: ["id", "0"] });
    expect(read("order/:id", "order/4:2.x")).toEqual({ id: "4:2.x" });
    expect(read("order/:id/cancel", "order/42/cancel")).toEqual({ id: "42" });
    expect(read("order/:id", "order/42/cancel")).toBeUndefined();
  });

  it("is a RegExp, with groups by name or number", () => {
    const pattern = /^(?<kind>\w+)\.v(\d)$/;
    expect(contractOf(pattern)).toMatchObject({ kind: "expression", name: String(pattern), params: ["kind", "0"] });
    expect(read(pattern, "order.v2")).toEqual({ kind: "order", "0": "2" });
  });

  it("is read in a time that grows with the name alone", () => {
    const pattern = contractOf(`${"*:".repeat(12)}end`);
    const started = performance.now();
    expect(pattern.expression?.test("a:".repeat(50_000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(500);
  });

  it("comes before another when it is more specific", () => {
    const patterns = ["**", "order:**", "*:created", "order:*", "order/:id", "order:*:added", "order:item:*"];
    const parts = patterns.map((pattern) => ({ pattern, parts: contractOf(pattern).parts }));
    const sorted = parts.sort((a, b) => bySpecificity(a.parts, b.parts)).map(({ pattern }) => pattern);
    expect(sorted.indexOf("order:*:added")).toBeLessThan(sorted.indexOf("order:*"));
    expect(sorted.indexOf("order:*")).toBeLessThan(sorted.indexOf("order:**"));
    expect(sorted.indexOf("order:**")).toBeLessThan(sorted.indexOf("*:created"));
    expect(sorted.at(-1)).toBe("**");
  });

  it.each([
    [/x/g, "is stateful", "Leave out the flags g and y."],
    ["order*", "has a wildcard that is no whole part", 'Put "*" alone between'],
    ["a:***", "has a wildcard that is no whole part", 'Put "*" alone between'],
    ["order:**:x", 'goes on after "**"', "last"],
    ["order/:order-id", "has a parameter that is no whole part", "between slashes"],
    ["order/:", "has a parameter that is no whole part", "between slashes"],
    ["/:id/:id", "has a parameter twice", "a name of its own"],
    ["", "is neither a name nor a RegExp", 'Write a name such as "message:send".'],
    [7 as never, "is neither a name nor a RegExp", 'Write a name such as "message:send".'],
  ])("is refused as %s: it %s", (pattern, problem, mend) => {
    expect(() => contractOf(pattern)).toThrow(
      expect.objectContaining({
        code: "GATEWAY_BAD_EVENT",
        message: expect.stringContaining(
          `ChatGateway.handle is for ${typeof pattern === "string" ? `"${pattern}"` : ""}`,
        ),
        mend: expect.stringContaining(mend),
      }),
    );
    expect(() => contractOf(pattern)).toThrow(problem);
  });
});
