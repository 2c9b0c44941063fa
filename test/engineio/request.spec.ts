import fc from "fast-check";
import { queryOf } from "../../src/engineio/index.js";

const request = (url?: string): Parameters<typeof queryOf>[0] => ({ url, headers: {}, socket: {} });

describe("queryOf", () => {
  it.each([
    ["/?EIO=4&transport=polling", { EIO: "4", transport: "polling" }],
    ["/?a=1&a=2", { a: "2" }],
    ["/?a=%20%C3%A9+b&c", { a: " é b", c: "" }],
    ["/?a=%E0%A4%A", { a: "\ufffd%A" }],
    ["/?a=?b=c", { a: "?b=c" }],
    ["/??a=b", { "?a": "b" }],
    ["/??a=%62", { "?a": "b" }],
    ["/", {}],
    ["/?", {}],
    [undefined, {}],
  ])("of %s", (url, query) => {
    expect({ ...queryOf(request(url)) }).toEqual(query);
  });

  it("reads every query as URLSearchParams does", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "=", "&", "?", "+", "%", "41", "é", "__proto__") });
    fc.assert(
      fc.property(text, (query) => {
        const expected = Object.fromEntries(new URLSearchParams(`?${query}`));

        expect(Object.entries(queryOf(request(`/?${query}`)))).toEqual(Object.entries(expected));
      }),
    );
  });

  it.each(["/?EIO=4", "/?a=%20"])("has no prototype: %s", (url) => {
    expect(Object.getPrototypeOf(queryOf(request(url)))).toBeNull();
  });

  it("has no prototype to be reached", () => {
    const query = queryOf(request("/?__proto__=1&constructor=2"));

    expect(Object.getPrototypeOf(query)).toBeNull();
    expect(Object.entries(query)).toEqual([
      ["__proto__", "1"],
      ["constructor", "2"],
    ]);
    expect(query.toString).toBeUndefined();
  });

  it("is read once and kept where middlewares look for it", () => {
    const asked = request("/?a=1");
    const query = queryOf(asked);

    expect(asked._query).toBe(query);
    expect(queryOf(asked)).toBe(query);
  });
});
