import { GatewayException } from "../../../src/framework/client-errors.js";
import {
  arrayValidator,
  simpleValidator,
  type SimpleKind,
} from "../../../src/framework/validation/simple-validators.js";

const values: Record<string, unknown> = {
  text: "a",
  "numeric text": "5",
  number: 5,
  NaN: Number.NaN,
  true: true,
  null: null,
  object: {},
  array: [1],
  buffer: Buffer.from("a"),
  "byte array": new Uint8Array([1]),
  "float array": new Float32Array(1),
};

function accepted(kind: SimpleKind): string[] {
  return Object.keys(values).filter((name) => {
    try {
      simpleValidator(kind, undefined).validate(values[name]);
      return true;
    } catch (error) {
      if (!GatewayException.is(error)) throw error;
      return false;
    }
  });
}

describe("a simple validator", () => {
  it.each<[SimpleKind, string[]]>([
    ["string", ["text", "numeric text"]],
    ["number", ["number"]],
    ["boolean", ["true"]],
    ["array", ["array"]],
    ["bytes", ["buffer", "byte array"]],
  ])("of %s accepts %p and nothing else", (kind, expected) => {
    expect(accepted(kind)).toEqual(expected);
  });

  it("makes a buffer of bytes, over the same memory", () => {
    const bytes = new Uint8Array([1, 2, 3]).subarray(1);
    const buffer = simpleValidator("bytes", undefined).validate(bytes) as Buffer;
    expect(buffer).toEqual(Buffer.from([2, 3]));
    expect(buffer.buffer).toBe(bytes.buffer);
  });

  it("names the items of an array that are wrong", () => {
    const validator = arrayValidator("number", 2);
    expect(validator.validate([1, 2])).toEqual([1, 2]);
    expect(() => validator.validate([1, "2", 3, null])).toThrow(
      expect.objectContaining({
        details: [
          { argument: 2, path: "[1]", constraints: { number: "must be a number" } },
          { argument: 2, path: "[3]", constraints: { number: "must be a number" } },
        ],
      }),
    );
    expect(() => validator.validate("12")).toThrow(
      expect.objectContaining({ details: [{ argument: 2, path: "", constraints: { array: "must be an array" } }] }),
    );
  });
});
