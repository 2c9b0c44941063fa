import { expectTypeOf } from "expect-type";
import { OnEvent, Param, type PathParams } from "rookery";
import { readParams, toNamespacePattern } from "../../../src/framework/gateway/namespace-pattern.js";

function read(pattern: string | RegExp, name: string): Record<string, string> | undefined {
  const namespace = toNamespacePattern(pattern, "ChatGateway");
  return namespace.expression?.test(name) === true ? { ...readParams(namespace, name) } : undefined;
}

describe("the pattern of a namespace", () => {
  it("is one name when nothing in it stands for something else, with or without the slash", () => {
    expect(toNamespacePattern("chat", "")).toMatchObject({ kind: "static", name: "/chat", params: [] });
    expect(toNamespacePattern("/chat", "")).toMatchObject({ kind: "static", name: "/chat", params: [] });
    expect(toNamespacePattern("/a:b", "")).toMatchObject({ kind: "static", name: "/a:b" });
  });

  it("is a path when a part of it is a parameter, which stands for one part that is not empty", () => {
    expect(toNamespacePattern("orders/:id", "")).toMatchObject({ kind: "path", name: "/orders/:id", params: ["id"] });
    expect(read("/orders/:id", "/orders/42")).toEqual({ id: "42" });
    expect(read("/:shop/orders/:id", "/a.b/orders/4:2")).toEqual({ shop: "a.b", id: "4:2" });
    for (const name of ["/orders", "/orders/", "/orders/4/2", "/my/orders/42", "/Orders/42"]) {
      expect([name, read("/orders/:id", name)]).toEqual([name, undefined]);
    }
  });

  it("takes the rest of its text as it stands", () => {
    expect(read("/a.b+(c)/:id", "/a.b+(c)/1")).toEqual({ id: "1" });
    expect(read("/a.b/:id", "/aXb/1")).toBeUndefined();
  });

  it("decodes parameters, and leaves what cannot be decoded", () => {
    expect(read("/orders/:id", "/orders/a%2Fb%20c")).toEqual({ id: "a/b c" });
    expect(read("/orders/:id", "/orders/100%")).toEqual({ id: "100%" });
  });

  it("may be a RegExp, whose groups are parameters by name or by number", () => {
    const pattern = /^\/(?<tenant>[a-z]+)-(\d+)(?:-(x))?$/;
    expect(toNamespacePattern(pattern, "")).toMatchObject({ kind: "expression", params: ["tenant", "0", "1"] });
    expect(read(pattern, "/acme-7")).toEqual({ tenant: "acme", "0": "7" });
    expect(read(/^\/[(](?<!x)\((.)/, "/((a")).toEqual({ "0": "a" });
  });

  it("is read in a time that grows with the name alone", () => {
    const pattern = toNamespacePattern(`/${Array.from({ length: 8 }, (_, index) => `:p${index}`).join("/")}/end`, "");
    const started = performance.now();
    expect(pattern.expression?.test(`/${"a/".repeat(50_000)}`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(500);
  });

  it.each([
    [/^\/x/g, "is stateful", "Leave out the flags g and y."],
    [/^\/x/y, "is stateful", "Leave out the flags g and y."],
    ["/chat/*", "has a wildcard", 'Write parameters, such as "/orders/:id", or a RegExp.'],
    ["/a,b", "has a character that ends the name on the wire", "Leave out commas and question marks."],
    ["/orders/:", 'has the parameter ":"', "Name parameters with letters, digits and underscores"],
    ["/orders/:order-id", 'has the parameter ":order-id"', "Name parameters with letters"],
    ["/:id/:id", 'has the parameter ":id" twice', "Give each parameter a name of its own."],
    [7, "is neither text nor a RegExp", 'Write a name such as "/chat".'],
  ])("is refused as %s: it %s", (pattern, problem, mend) => {
    expect(() => toNamespacePattern(pattern, "ChatGateway (src/chat.gateway.ts:3)")).toThrow(
      expect.objectContaining({
        code: "GATEWAY_BAD_NAMESPACE",
        message: expect.stringMatching(
          `^@Namespace of ChatGateway \\(src/chat.gateway.ts:3\\) is .*, which ${problem}`,
        ),
        mend: expect.stringContaining(mend),
      }),
    );
  });

  it("tells the compiler its parameters", () => {
    expectTypeOf<PathParams<"/orders/:id">>().toEqualTypeOf<"id">();
    expectTypeOf<PathParams<"/:shop/orders/:id/items">>().toEqualTypeOf<"shop" | "id">();
    expectTypeOf<PathParams<"/chat">>().toEqualTypeOf<never>();
    expectTypeOf(Param<"/orders/:id">)
      .parameter(0)
      .toEqualTypeOf<"id" | undefined>();
    expectTypeOf(Param).parameter(0).toEqualTypeOf<string | undefined>();
    // @ts-expect-error -- a handler without an event would never run
    expect(OnEvent({ shared: true })).toBeInstanceOf(Function);
  });
});
