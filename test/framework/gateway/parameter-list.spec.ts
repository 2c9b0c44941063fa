import { readParameterList } from "../../../src/framework/gateway/parameter-list.js";

/** Names of what is found, with `...` before rest parameters and `=` after those with a default. */
function read(method: unknown, name = "method"): string[] | undefined {
  return readParameterList(method, name)?.map(
    ({ name: parameter, isRest, hasDefault }) => `${isRest ? "..." : ""}${parameter}${hasDefault ? "=" : ""}`,
  );
}

/** A method as it stands in a class body; written as text, so that no compiler touches it. */
function written(source: string, before = ""): unknown {
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the source is the input
  return new Function(`${before} return (class { ${source} }).prototype.method`)();
}

describe("a method's parameter list", () => {
  it.each([
    ["method() {}", []],
    ["method(a, b) {}", ["a", "b"]],
    ["method(a, ...rest) {}", ["a", "...rest"]],
    ["async method(a = 1, b) {}", ["a=", "b"]],
    ["async *method($a, _b) {}", ["$a", "_b"]],
    ["method(a) { other(...a); }", ["a"]],
    ["method(a = f(1, 2), b = [1, 2], c = { d: 1, e: 2 }) {}", ["a=", "b=", "c="]],
    ['method(a = \')\', b = ",\\"", c = `(${1}`) {}', ["a=", "b=", "c="]],
    ["method({ a, b = 1 }, [c, d] = []) {}", ["", "="]],
    ["method(a /* , ) */, // (\n b) {}", ["a", "b"]],
    ["method(a = (x) => x, b = (x, y) => ({ x, y })) {}", ["a=", "b="]],
    ["method(a,) {}", ["a"]],
    ['["method"](a) {}', ["a"]],
    ['async ["meth" + f("(", [")"]) + "od"](a, b) {}', ["a", "b"], "const f = () => '';"],
  ])("is read from %s", (source, expected, before = "") => {
    expect(read(written(source, before))).toEqual(expected);
  });

  it("is unknown for what stands in a method's place", () => {
    const wrapped = (...args: unknown[]): unknown => args;
    expect(read(wrapped)).toBeUndefined();
    expect(read((written("method(a) {}") as () => void).bind(null), "bound method")).toBeUndefined();
    expect(read(undefined)).toBeUndefined();
  });
});
