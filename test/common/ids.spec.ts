import { createId } from "../../src/common/index.js";

describe("createId", () => {
  it("makes 20 characters that need no escaping in a URL", () => {
    expect(createId()).toMatch(/^[\w-]{20}$/);
  });

  it("repeats none, also when its pool of random bytes has run out", () => {
    const ids = Array.from({ length: 5_000 }, createId);

    expect(new Set(ids).size).toBe(5_000);
  });

  it("ends with a sequence number and begins with 88 random bits", () => {
    const [first, second] = [createId(), createId()].map((id) => Buffer.from(id, "base64url"));

    expect(second?.readUInt32BE(11)).toBe((first?.readUInt32BE(11) ?? 0) + 1);
    expect(second?.subarray(0, 11)).not.toEqual(first?.subarray(0, 11));
  });

  it("uses no random byte for two ids", () => {
    const prefixes = Array.from({ length: 2_000 }, () => createId().slice(0, 14));

    expect(new Set(prefixes).size).toBe(2_000);
  });
});
