import { toMessageData, type Sendable } from "../../src/engineio/packet.js";

describe("the data of a message", () => {
  const { buffer } = Uint8Array.from([0, 1, 2, 3]);

  it.each<[what: string, data: Sendable]>([
    ["an ArrayBuffer", new Uint8Array([1, 2]).buffer],
    ["a part of one", new Uint8Array(buffer, 1, 2)],
    ["signed bytes", new Int8Array(buffer, 1, 2)],
    ["words", new Uint16Array(new Uint8Array([1, 2]).buffer)],
    ["a DataView", new DataView(buffer, 1, 2)],
    ["a SharedArrayBuffer", shared(1, 2)],
  ])("is bytes, given as %s", (_what, data) => {
    expect(toMessageData(data)).toEqual(Buffer.from([1, 2]));
  });

  it("is text and bytes as they were given", () => {
    const bytes = Buffer.from([1, 2]);

    expect(toMessageData("é")).toBe("é");
    expect(toMessageData(bytes).toString("hex")).toBe("0102");
    expect((toMessageData(bytes) as Buffer).buffer).toBe(bytes.buffer);
  });

  it.each<[data: unknown, text: string]>([
    [7, "7"],
    [true, "true"],
    [[1, 2], "1,2"],
    [null, ""],
    [undefined, ""],
    [0, ""],
  ])("is for all else what engine.io makes of it: %p", (data, text) => {
    expect(toMessageData(data as Sendable)).toBe(text);
  });
});

function shared(...bytes: number[]): ArrayBuffer {
  const memory = new SharedArrayBuffer(bytes.length);
  new Uint8Array(memory).set(bytes);
  return memory as unknown as ArrayBuffer;
}
