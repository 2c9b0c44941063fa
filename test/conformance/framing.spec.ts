import { setImmediate as nextTurn } from "node:timers/promises";
import type { Socket } from "../support/peer.js";
import { encodeFrame, Opcode, RawTcp, type ClientFrame } from "../support/raw-tcp.js";
import { useStages, type Stage } from "../support/stage.js";
import { nextEvent, nextEvents } from "../support/waiting.js";

const open = useStages();
const placeholder = '{"_placeholder":true,"num":0}';

function text(payload: string): ClientFrame {
  return { opcode: Opcode.text, payload: Buffer.from(payload) };
}

/** A message in fragments of the given numbers of bytes, with a ping before each further one. */
function fragments(payload: string, sizes: readonly number[]): ClientFrame[] {
  const bytes = Buffer.from(payload);
  let at = 0;
  return sizes.flatMap((size, part) => {
    const last = part === sizes.length - 1;
    const frame = {
      opcode: part === 0 ? Opcode.text : Opcode.continuation,
      payload: last ? bytes.subarray(at) : bytes.subarray(at, (at += size)),
      final: last,
    };
    return part === 0 ? [frame] : [{ opcode: Opcode.ping, payload: Buffer.from(`ping ${part}`) }, frame];
  });
}

/** A text event whose frame has exactly `bytes` bytes of payload, and its argument. */
function sized(bytes: number): { frame: ClientFrame; args: unknown[] } {
  const argument = "x".repeat(bytes - '42["say",""]'.length);
  return { frame: text(`42["say","${argument}"]`), args: [argument] };
}

const SIZES = [12, 13, 124, 125, 126, 127, 128, 4095, 4096, 65_535, 65_536, 65_537].map(sized);

/** Every kind of frame that a client sends, among short ones. */
const FRAMES: readonly ClientFrame[] = [
  text('42["say",1]'),
  ...SIZES.flatMap(({ frame }) => [frame, text('42["say","short"]')]),
  text('42["say","é🐦"]'),
  text('42["say",2]'),
  ...fragments('42["say","in pieces"]', [1, 5, 0, 3, 1]),
  text('42["say",3]'),
  { opcode: Opcode.ping, payload: Buffer.alloc(0) },
  { opcode: Opcode.pong, payload: Buffer.from("nobody asked") },
  text(`451-["say",${placeholder}]`),
  { opcode: Opcode.binary, payload: Buffer.from([0x81, 0x8c, 0, 0xff]) },
  text('42["say",4]'),
  ...fragments('42["say","é🐦 in pieces"]', [11, 1]),
  text('42["say",5]'),
];

const ARGUMENTS: readonly unknown[][] = [
  [1],
  ...SIZES.flatMap(({ args }) => [args, ["short"]]),
  ["é🐦"],
  [2],
  ["in pieces"],
  [3],
  [Buffer.from([0x81, 0x8c, 0, 0xff])],
  [4],
  ["é🐦 in pieces"],
  [5],
];

interface Joined {
  readonly client: RawTcp;
  readonly socket: Socket;
}

async function joined(stage: Stage): Promise<Joined> {
  const connected = nextEvent(stage.io, "connection");
  const client = await RawTcp.upgrade(stage);
  await client.send(encodeFrame(text("40")));
  const [socket] = (await connected) as [Socket];
  return { client, socket };
}

/** Cuts at the ends of pieces whose lengths are repeated over and over. */
function cut(bytes: Buffer, lengths: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = lengths[pieces.length % lengths.length] ?? 1;
    pieces.push(bytes.subarray(at, at + length));
    at += length;
  }
  return pieces;
}

describe("WebSocket frames", () => {
  it.each([
    ["in one piece", [Infinity]],
    ["in pieces of 1, 2, 3 and 500 bytes", [1, 2, 3, 500]],
    ["in pieces of 7 bytes and 3 kB", [7, 3000]],
    ["in pieces of 20 bytes and 64 kB", [20, 65_536]],
    ["in pieces of 16 kB", [16_384]],
  ])("arrive whole and in order when TCP brings them %s", async (_how, lengths) => {
    const { client, socket } = await joined(await open());
    const arrived = nextEvents(socket, "say", ARGUMENTS.length);
    for (const piece of cut(Buffer.concat(FRAMES.map(encodeFrame)), lengths)) {
      await client.send(piece);
      await nextTurn();
    }

    expect(await arrived).toEqual(ARGUMENTS);
  });

  it("arrive whole and in order when TCP brings the short ones byte by byte", async () => {
    const { client, socket } = await joined(await open());
    const short = FRAMES.filter(({ payload }) => payload.length < 130);
    const expected = ARGUMENTS.filter(([argument]) => typeof argument !== "string" || argument.length < 130);
    const arrived = nextEvents(socket, "say", expected.length);
    for (const piece of cut(Buffer.concat(short.map(encodeFrame)), [1])) {
      await client.send(piece);
      await nextTurn();
    }

    expect(await arrived).toEqual(expected);
  });

  it("arrive when each is a piece of its own", async () => {
    const { client, socket } = await joined(await open());
    const arrived = nextEvents(socket, "say", ARGUMENTS.length);
    for (const frame of FRAMES) {
      await client.send(encodeFrame(frame));
      await nextTurn();
    }

    expect(await arrived).toEqual(ARGUMENTS);
  });

  it("that are not masked close the connection", async () => {
    const { client, socket } = await joined(await open());
    const gone = nextEvent(socket, "disconnect");
    await client.send(Buffer.concat([Buffer.from([0x81, 11]), Buffer.from('42["say",1]')]));

    expect((await gone)[0]).toBe("transport error");
  });

  it.each([
    ["with a reserved bit", Buffer.from([0xc1, 0x80, 0, 0, 0, 0])],
    ["with an opcode that does not exist", Buffer.from([0x83, 0x80, 0, 0, 0, 0])],
    ["that continue nothing", Buffer.from([0x80, 0x80, 0, 0, 0, 0])],
    ["of control in fragments", Buffer.from([0x09, 0x80, 0, 0, 0, 0])],
    ["that are no UTF-8", encodeFrame({ opcode: Opcode.text, payload: Buffer.from([0x34, 0x32, 0xff]) })],
    ["longer than any buffer", Buffer.from([0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0])],
  ])("%s close the connection, and nothing after them is heard", async (_what, bytes) => {
    const { client, socket } = await joined(await open());
    const heard: unknown[] = [];
    socket.on("say", (argument) => heard.push(argument));
    const gone = nextEvent(socket, "disconnect");
    await client.send(Buffer.concat([encodeFrame(text('42["say",1]')), bytes, encodeFrame(text('42["say",2]'))]));

    expect((await gone)[0]).toBe("transport error");
    expect(heard).toEqual([1]);
  });

  it("after a close frame are not heard", async () => {
    const { client, socket } = await joined(await open());
    const heard: unknown[] = [];
    socket.on("say", (argument) => heard.push(argument));
    const gone = nextEvent(socket, "disconnect");
    const close = encodeFrame({ opcode: Opcode.close, payload: Buffer.from([0x03, 0xe8]) });
    await client.send(Buffer.concat([encodeFrame(text('42["say",1]')), close, encodeFrame(text('42["say",2]'))]));

    expect((await gone)[0]).toBe("transport close");
    expect(heard).toEqual([1]);
  });
});
