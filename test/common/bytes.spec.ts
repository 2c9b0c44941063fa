import { toBuffer } from "../../src/common/bytes.js";

describe("toBuffer", () => {
  const { buffer } = Uint8Array.from([0, 1, 2, 3, 4, 5]);

  it.each<[what: string, bytes: ArrayBuffer | ArrayBufferView, hex: string]>([
    ["an ArrayBuffer", buffer, "000102030405"],
    ["a Uint8Array", new Uint8Array(buffer, 1, 3), "010203"],
    ["a Uint16Array", new Uint16Array(buffer, 2, 1), "0203"],
    ["a DataView", new DataView(buffer, 4), "0405"],
    ["nothing", new ArrayBuffer(0), ""],
  ])("takes %s as it is", (_what, bytes, hex) => {
    expect(toBuffer(bytes).toString("hex")).toBe(hex);
  });

  it("copies nothing", () => {
    const bytes = Buffer.from("abc");

    expect(toBuffer(bytes)).toBe(bytes);
    expect(toBuffer(new Uint8Array(buffer, 1, 3)).buffer).toBe(buffer);
  });
});
