import { parseRange } from "../../../src/engineio/http/byte-range.js";

describe("parseRange", () => {
  it.each([
    ["bytes=0-0", { start: 0, end: 0 }],
    ["bytes=10-19", { start: 10, end: 19 }],
    ["bytes=90-", { start: 90, end: 99 }],
    ["bytes=90-1000", { start: 90, end: 99 }],
    ["bytes=-10", { start: 90, end: 99 }],
    ["bytes=-1000", { start: 0, end: 99 }],
    ["bytes=100-", "unsatisfiable"],
    ["bytes=100-200", "unsatisfiable"],
    ["bytes=-0", "unsatisfiable"],
  ])("of 100 bytes makes of %j %j", (header, range) => {
    expect(parseRange(header, 100)).toEqual(range);
  });

  it.each([
    undefined,
    "",
    "bytes=",
    "bytes=-",
    "bytes=9-1",
    "bytes=0-1,3-4",
    "bytes=a-b",
    "bytes=1.5-2",
    "bytes= 0-1",
    "items=0-1",
    `bytes=${"9".repeat(400)}-`,
  ])("takes %j for the whole", (header) => {
    expect(parseRange(header, 100)).toBeUndefined();
  });

  it.each(["bytes=0-", "bytes=-1", "bytes=0-0"])("of nothing satisfies no %j", (header) => {
    expect(parseRange(header, 0)).toBe("unsatisfiable");
  });
});
