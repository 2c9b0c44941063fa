import fc from "fast-check";
import { setImmediate as nextTurn } from "node:timers/promises";
import { until } from "../../support/waiting.js";
import { RecordingHandler } from "../../support/recording-handler.js";
import {
  clientFrame,
  CLOSE,
  CONTINUATION,
  FINAL_BINARY,
  FINAL_CONTINUATION,
  FINAL_TEXT,
  openWire,
  PING,
  PONG,
  TEXT,
  type WireOptions,
} from "../../support/wire.js";
import { texts } from "../../support/texts.js";

const MASK = Buffer.from("a1b2c3d4", "hex");

/** What a transport hears and writes when the client sends these chunks. */
async function run(chunks: readonly Buffer[], options?: WireOptions): Promise<{ heard: unknown[][]; written: string }> {
  const { transport, wire } = openWire(options);
  const handler = new RecordingHandler();
  transport.handler = handler;
  for (const chunk of chunks) {
    // A copy: ws takes the mask off in place.
    wire.push(Buffer.from(chunk));
    await nextTurn();
  }
  const { heard } = handler;
  transport.terminate();
  return { heard: heard.filter(([what]) => what !== "writable"), written: wire.writes.join("") };
}

const messages = (heard: unknown[][]): unknown[] => heard.map(([, data]) => data);

describe("whole frames", () => {
  it("are read whatever their mask", async () => {
    const { heard } = await run([clientFrame(FINAL_TEXT, "4hello", MASK)]);

    expect(heard).toEqual([["message", "hello"]]);
  });

  it("are read when several come at once, and when one comes byte by byte", async () => {
    const frames = Buffer.concat(["4a", "4bc", "3"].map((text) => clientFrame(FINAL_TEXT, text, MASK)));
    const expected = [["message", "a"], ["message", "bc"], ["pong"]];

    expect((await run([frames])).heard).toEqual(expected);
    expect((await run([...frames].map((byte) => Buffer.from([byte])))).heard).toEqual(expected);
  });

  it("keep their place among all other frames", async () => {
    const frames = [
      clientFrame(FINAL_TEXT, "41", MASK),
      clientFrame(FINAL_TEXT, "4zwölf", MASK),
      clientFrame(FINAL_TEXT, `4${"x".repeat(200)}`, MASK),
      clientFrame(FINAL_TEXT, "42", MASK),
      clientFrame(FINAL_BINARY, Buffer.from("010203", "hex"), MASK),
      clientFrame(FINAL_TEXT, "43", MASK),
    ];
    const { heard } = await run([Buffer.concat(frames)]);

    expect(messages(heard)).toEqual(["1", "zwölf", "x".repeat(200), "2", Buffer.from("010203", "hex"), "3"]);
  });

  it("are read at any length that one read brings, as text and as bytes", async () => {
    const lengths = [1, 63, 64, 65, 125, 126, 127, 1_000, 65_000];
    const bytes = Buffer.from(Array.from({ length: 65_000 }, (_, index) => index % 256));
    const frames = lengths.flatMap((length) => [
      clientFrame(FINAL_TEXT, `4${"x".repeat(length - 1)}`, MASK),
      clientFrame(FINAL_BINARY, bytes.subarray(0, length), MASK),
    ]);
    const { heard } = await run(frames, { maxPayloadBytes: 65_000 });

    expect(messages(heard)).toEqual(lengths.flatMap((length) => ["x".repeat(length - 1), bytes.subarray(0, length)]));
  });

  it("leave nothing of themselves in the bytes that they bring", async () => {
    const { transport, wire } = openWire();
    const handler = new RecordingHandler();
    transport.handler = handler;
    for (const text of ["first", "other"]) wire.push(clientFrame(FINAL_BINARY, text, MASK));
    await nextTurn();
    transport.terminate();

    expect(messages(handler.heard).map(String)).toEqual(["first", "other"]);
  });

  it("between the fragments of a message are not taken for messages", async () => {
    const { heard } = await run([
      Buffer.concat([
        clientFrame(TEXT, "4a", MASK),
        clientFrame(PING, "", MASK),
        clientFrame(CONTINUATION, "b", MASK),
        clientFrame(FINAL_CONTINUATION, "c", MASK),
        clientFrame(FINAL_TEXT, "4d", MASK),
      ]),
    ]);

    expect(messages(heard)).toEqual(["abc", "d"]);
  });

  it("are answered in front of the control frames that follow them", async () => {
    const { transport, wire } = openWire();
    transport.handler = Object.assign(new RecordingHandler(), {
      onMessage: () => {
        transport.sendMessage("reply");
      },
    });
    wire.push(Buffer.concat([clientFrame(FINAL_TEXT, "4a"), clientFrame(PING, "hi")]));
    await until(() => wire.writes.length > 0, "the answers have left");
    transport.terminate();

    expect(wire.writes.join("")).toBe("8106" + Buffer.from("4reply").toString("hex") + "8a026869");
  });

  it("are refused when even they are too large", async () => {
    const { heard, written } = await run([clientFrame(FINAL_TEXT, "4hello", MASK)], { maxPayloadBytes: 5 });

    expect(heard).toEqual([
      ["end", "transport error", expect.objectContaining({ message: "Max payload size exceeded" })],
    ]);
    expect(written).toBe("880203f1");
  });

  it("after the client's close frame are not read", async () => {
    const { heard, written } = await run([
      Buffer.concat([clientFrame(CLOSE, ""), clientFrame(FINAL_TEXT, "4late")]),
      clientFrame(FINAL_TEXT, "4later"),
    ]);

    expect(heard).toEqual([]);
    expect(written).toBe("8800");
  });

  it("after the server's close are not delivered to a session that has let go", async () => {
    const { transport, wire } = openWire();
    const handler = new RecordingHandler();
    transport.handler = handler;
    transport.discard();
    wire.push(clientFrame(FINAL_TEXT, "4late"));
    await nextTurn();
    transport.terminate();

    expect(handler.heard).toEqual([]);
  });
});

describe("frames of a client", () => {
  const payload = fc.oneof(
    fc.string({ maxLength: 130 }).map((text) => `4${text}`),
    texts({ maxLength: 30 }).map((text) => `4${text}`),
    fc.constantFrom("3", "2probe", "4", "", "x", "4".repeat(125), "4".repeat(126), "4".repeat(1_001)),
    fc.string({ minLength: 126, maxLength: 990 }).map((text) => `4${text}`),
    texts({ minLength: 60, maxLength: 200 }).map((text) => `4${text}`),
    fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
    fc.uint8Array({ minLength: 60, maxLength: 990 }).map((bytes) => Buffer.from(bytes)),
  );
  const mask = fc.uint8Array({ minLength: 4, maxLength: 4 }).map((bytes) => Buffer.from(bytes));
  const firstByte = fc.oneof(
    { weight: 6, arbitrary: fc.constant(FINAL_TEXT) },
    { weight: 2, arbitrary: fc.constantFrom(TEXT, CONTINUATION, FINAL_CONTINUATION, FINAL_BINARY, PING, PONG, CLOSE) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 255 }) },
  );
  const frame = fc.oneof(
    { weight: 12, arbitrary: fc.tuple(firstByte, payload, mask).map((parts) => clientFrame(...parts)) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)) },
    // A length in two bytes that one would hold.
    { weight: 1, arbitrary: fc.constantFrom("81fe000300000000346869", "82fe000200000000ff00").map(fromHex) },
  );
  const stream = fc.array(frame, { minLength: 1, maxLength: 8 }).map((frames) => Buffer.concat(frames));
  const cuts = fc.array(fc.nat(400), { maxLength: 6 });

  it("are understood as ws alone understands them, however they are cut", async () => {
    await fc.assert(
      fc.asyncProperty(stream, cuts, async (bytes, at) => {
        const chunks = cut(bytes, at);

        expect(await run(chunks)).toEqual(await run(chunks, { tapped: true }));
      }),
      { numRuns: 400 },
    );
  });
});

function fromHex(hex: string): Buffer {
  return Buffer.from(hex, "hex");
}

function cut(bytes: Buffer, at: number[]): Buffer[] {
  const edges = [0, ...at.filter((edge) => edge < bytes.length).sort((a, b) => a - b), bytes.length];
  return edges
    .slice(1)
    .flatMap((edge, index) => (edge > (edges[index] ?? 0) ? [bytes.subarray(edges[index], edge)] : []));
}
