import fc from "fast-check";
import { setImmediate as nextTurn } from "node:timers/promises";
import { FrameWriter } from "../../../src/engineio/transports/frame-writer.js";
import { binaryFrame, textFrame } from "../../../src/engineio/transports/frame.js";
import { until } from "../../support/waiting.js";
import { Wire } from "../../support/wire.js";
import { texts } from "../../support/texts.js";

let wire: Wire;
let writer: FrameWriter;
let flushes: number;

beforeEach(() => {
  wire = new Wire();
  flushes = 0;
  writer = new FrameWriter(wire, { onFlushed: () => (flushes += 1) });
});

const hexOf = (...texts: string[]): string => texts.map((text) => textFrame(text).toString("hex")).join("");

describe("a frame writer", () => {
  it("writes all text of a turn in one piece", async () => {
    for (const text of ["4a", "4bc", "2"]) writer.writeText(text);
    expect(wire.writes).toEqual([]);

    await nextTurn();
    expect(wire.writes).toEqual([hexOf("4a", "4bc", "2")]);
    expect(flushes).toBe(1);
  });

  it("keeps the order of short text, long text, text beyond ASCII and frames", async () => {
    const long = "x".repeat(5_000);
    const frame = binaryFrame(Buffer.from("010203", "hex"));
    writer.writeText("4a");
    writer.writeText(long);
    writer.writeText("4b");
    writer.writeText("4é🐦");
    writer.writeText("4c");
    writer.writeFrame(frame);
    writer.writeText("4d");
    await nextTurn();

    const expected = hexOf("4a", long, "4b", "4é🐦", "4c") + frame.toString("hex") + hexOf("4d");
    expect(wire.writes).toEqual([expected]);
  });

  it.each([0, 1, 125, 126, 4_096, 4_097, 65_536])(
    "frames text of %d characters as the standard says",
    async (length) => {
      const text = "x".repeat(length);
      writer.writeText(text);
      await nextTurn();

      expect(wire.writes).toEqual([hexOf(text)]);
    },
  );

  it("frames any text like any other writer", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(texts({ maxLength: 200 }), { minLength: 1 }), async (texts) => {
        wire.writes.length = 0;
        for (const text of texts) writer.writeText(text);
        await nextTurn();

        expect(wire.writes.join("")).toBe(hexOf(...texts));
      }),
    );
  });

  it("writes frames and text of a turn in one piece, whatever their order", async () => {
    const frame = textFrame("4news");
    writer.writeFrame(frame);
    writer.writeText("4a");
    writer.writeBytes(Buffer.from("0102", "hex"));
    writer.writeText("4b");
    await nextTurn();

    expect(wire.writes).toEqual([hexOf("4news", "4a") + "82020102" + hexOf("4b")]);
    expect(flushes).toBe(1);
  });

  it("writes what is larger than a joined buffer in parts, in order", async () => {
    const frames = [1, 2, 3].map((digit) => textFrame(String(digit).repeat(30_000)));
    writer.writeText("4a");
    for (const frame of frames) writer.writeFrame(frame);
    await nextTurn();

    expect(wire.writes.join("")).toBe(hexOf("4a") + Buffer.concat(frames).toString("hex"));
  });

  it.each([0, 1, 125, 126, 16_384, 16_385, 70_000])("takes %d bytes as they are when it is told to", async (length) => {
    const bytes = Buffer.alloc(length, 1);
    const expected = hexOf("4a") + binaryFrame(bytes).toString("hex") + hexOf("4b");
    writer.writeText("4a");
    writer.writeBytes(bytes);
    bytes.fill(2);
    writer.writeText("4b");
    await nextTurn();

    expect(wire.writes.join("")).toBe(expected);
  });

  it("hands large bytes over even when what came before them has been settled", async () => {
    const bytes = Buffer.alloc(20_000, 1);
    const expected = hexOf("4a") + "8a00" + binaryFrame(bytes).toString("hex");
    writer.writeText("4a");
    writer.settle();
    wire.write(Buffer.from("8a00", "hex"));
    writer.writeBytes(bytes);
    bytes.fill(2);
    await nextTurn();

    expect(wire.writes.join("")).toBe(expected);
  });

  it("puts text in front of what somebody else writes, when it is settled", async () => {
    writer.writeText("4a");
    writer.settle();
    wire.write(Buffer.from("8a00", "hex"));
    writer.writeText("4b");
    await nextTurn();

    expect(wire.writes).toEqual([hexOf("4a") + "8a00" + hexOf("4b")]);
  });

  it("has nothing to settle twice", async () => {
    writer.settle();
    writer.writeText("4a");
    writer.settle();
    writer.settle();
    await nextTurn();

    expect(wire.writes).toEqual([hexOf("4a")]);
  });

  it("counts the bytes that wait, gathered or not", async () => {
    expect(writer.bufferedBytes).toBe(0);
    writer.writeText("4a");
    expect(writer.bufferedBytes).toBe(4);
    writer.writeFrame(Buffer.alloc(10));
    expect(writer.bufferedBytes).toBe(14);

    await nextTurn();
    expect(writer.bufferedBytes).toBe(0);
  });

  it("is idle until something is written, and when all of it has left", async () => {
    wire.isStuck = true;
    expect(writer.isIdle).toBe(true);
    writer.writeText("4a");
    expect(writer.isIdle).toBe(false);
    await nextTurn();
    expect(writer.isIdle).toBe(true);

    writer.writeFrame(Buffer.alloc(100_000));
    await nextTurn();
    expect(writer.isIdle).toBe(false);
    wire.unstick();
    await until(() => writer.isIdle, "the rest has left");
    expect(writer.bufferedBytes).toBe(0);
  });
});
