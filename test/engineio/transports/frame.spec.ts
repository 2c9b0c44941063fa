import fc from "fast-check";
import type { Writable } from "node:stream";
import * as ws from "ws";
import { binaryFrame, textFrame } from "../../../src/engineio/transports/frame.js";
import { texts } from "../../support/texts.js";

/** ws's own framing and reading, which its types leave out. */
const { Receiver, Sender } = ws as unknown as {
  Receiver: new (options: { isServer: boolean }) => Writable;
  Sender: { frame(payload: Buffer, options: object): Buffer[] };
};

describe("textFrame", () => {
  it.each([
    ["", "8100"],
    ["4", "810134"],
    ["2[]", "8103325b5d"],
    ["é", "8102c3a9"],
    ["🐦", "8104f09f90a6"],
    ["aé", "810361c3a9"],
    ["\u0000\u007f\u0080", "810400" + "7f" + "c280"],
    ["\ud800", "8103efbfbd"],
  ])("frames %j", (payload, frame) => {
    expect(textFrame(payload).toString("hex")).toBe(frame);
  });

  it.each([
    [125, "817d"],
    [126, "817e007e"],
    [127, "817e007f"],
    [65_535, "817effff"],
    [65_536, "817f0000000000010000"],
    [1_000_000, "817f00000000000f4240"],
  ])("writes a length of %d", (length, header) => {
    const frame = textFrame("x".repeat(length));

    expect(frame.subarray(0, header.length / 2).toString("hex")).toBe(header);
    expect(frame.length).toBe(header.length / 2 + length);
    expect(frame.toString("latin1", header.length / 2) === "x".repeat(length)).toBe(true);
  });

  it.each([
    ["a character of two bytes", "é", 63, "817e007e"],
    ["a character of three bytes", "€", 42, "817e007e"],
    ["a character of four bytes", "🐦", 16_384, "817f0000000000010000"],
  ])("counts the bytes of %s, not its characters", (_what, character, times, header) => {
    const frame = textFrame(character.repeat(times));

    expect(frame.subarray(0, header.length / 2).toString("hex")).toBe(header);
    expect(frame.toString("utf8", header.length / 2)).toBe(character.repeat(times));
  });
});

describe("binaryFrame", () => {
  it.each([
    ["", "8200"],
    ["010203", "8203010203"],
    ["00ff", "820200ff"],
  ])("frames %s", (payload, frame) => {
    expect(binaryFrame(Buffer.from(payload, "hex")).toString("hex")).toBe(frame);
  });

  it.each([
    [125, "827d"],
    [126, "827e007e"],
    [65_535, "827effff"],
    [65_536, "827f0000000000010000"],
  ])("writes a length of %d", (length, header) => {
    const payload = Buffer.alloc(length, 7);
    const frame = binaryFrame(payload);

    expect(frame.subarray(0, header.length / 2).toString("hex")).toBe(header);
    expect(frame.subarray(header.length / 2).equals(payload)).toBe(true);
  });

  it("copies its payload", () => {
    const payload = Buffer.from("010203", "hex");
    const frame = binaryFrame(payload);
    payload.fill(0);

    expect(frame.toString("hex")).toBe("8203010203");
  });
});

describe("frames", () => {
  it("are those of ws", () => {
    fc.assert(
      fc.property(fc.oneof(texts(), fc.uint8Array({ maxLength: 300 })), (payload) => {
        const isText = typeof payload === "string";
        const frame = isText ? textFrame(payload) : binaryFrame(Buffer.from(payload));

        expect(frame.toString("hex")).toBe(framedByWs(Buffer.from(payload as string), isText ? 1 : 2));
      }),
    );
  });

  it("are read by ws, text and binary in turns", async () => {
    const received: unknown[] = [];
    const receiver = new Receiver({ isServer: false });
    receiver.on("message", (data: Buffer, isBinary: boolean) => {
      received.push(isBinary ? data : data.toString());
    });
    receiver.end(Buffer.concat([textFrame("4é🐦"), binaryFrame(Buffer.from("0102", "hex")), textFrame("2")]));
    await new Promise((resolve) => receiver.once("finish", resolve));

    expect(received).toEqual(["4é🐦", Buffer.from("0102", "hex"), "2"]);
  });
});

function framedByWs(payload: Buffer, opcode: number): string {
  const parts = Sender.frame(payload, { fin: true, rsv1: false, opcode, mask: false, readOnly: false });
  return Buffer.concat(parts).toString("hex");
}
