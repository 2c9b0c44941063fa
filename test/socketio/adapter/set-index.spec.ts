import { SetIndex } from "../../../src/socketio/adapter/set-index.js";

describe("an index of sets", () => {
  let index: SetIndex;

  beforeEach(() => {
    index = new SetIndex();
    index.add("one", "a");
    index.add("two", "a");
    index.add("two", "b");
  });

  it("tells which values are new", () => {
    expect(index.add("one", "a")).toBe(false);
    expect(index.add("two", "b")).toBe(false);
    expect(index.add("one", "b")).toBe(true);
    expect(index.get("one")).toEqual(new Set(["a", "b"]));
  });

  it("gives the same set each time, and keeps what is done to it", () => {
    index.get("one")?.add("c");

    expect(index.get("one")).toEqual(new Set(["a", "c"]));
    expect(index.get("one")).toBe(index.get("one"));
  });

  it("is a map of sets however it is read", () => {
    const expected = [
      ["one", new Set(["a"])],
      ["two", new Set(["a", "b"])],
    ];
    const each: unknown[] = [];
    index.forEach((set, key, map) => each.push([key, set, map]));

    expect([...index]).toEqual(expected);
    expect([...index.entries()]).toEqual(expected);
    expect([...index.values()]).toEqual(expected.map(([, set]) => set));
    expect(each).toEqual(expected.map(([key, set]) => [key, set, index]));
    expect(index.size).toBe(2);
  });

  it("lists values without making a set", () => {
    expect([...index.valuesOf("one")]).toEqual(["a"]);
    expect([...index.valuesOf("two")]).toEqual(["a", "b"]);
    expect([...index.valuesOf("none")]).toEqual([]);
  });

  it("leaves an empty set behind the last value", () => {
    expect(index.remove("one", "b")).toBe(false);
    expect(index.remove("one", "a")).toBe(true);
    expect(index.remove("none", "a")).toBe(false);
    expect(index.get("one")).toEqual(new Set());
  });
});
