import { EventEmitter } from "node:events";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Packet, Parser } from "rookery/core";
import * as msgpackParser from "socket.io-msgpack-parser";
import { PacketType, Encoder as TextEncoder } from "socket.io-parser";
import { connect } from "../support/joining.js";
import type { Socket } from "../support/peer.js";
import type { RawWebSocket } from "../support/raw-websocket.js";
import { RecordingLogger } from "../support/recording-logger.js";
import { useStages } from "../support/stage.js";
import { nextEvent, until } from "../support/waiting.js";

const open = useStages();
const msgpack = msgpackParser as unknown as Parser;

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");

function encoded(packet: Packet): Buffer {
  return new msgpack.Encoder().encode(packet)[0] as Buffer;
}

/** A server whose clients speak msgpack, with one of them. */
async function openMsgpack(): Promise<{ join: () => Promise<{ client: RawWebSocket; socket: Socket }> }> {
  const stage = await open({ parser: msgpack, logger: new RecordingLogger() });
  return {
    join: async () => {
      const client = await connect(stage);
      const joined = nextEvent(stage.io, "connection");
      client.send(encoded({ type: PacketType.CONNECT, nsp: "/" }));
      await client.next();
      const [socket] = (await joined) as [Socket];
      return { client, socket };
    },
  };
}

/** `{ type: 2, nsp: "/", data: [<value>] }`, or with another key in front of it. */
function event(value: string, key = "a4 64617461"): Buffer {
  return hex(`83 a4 74797065 02 a3 6e7370 a1 2f ${key} ${value}`);
}

describe("hostile msgpack", () => {
  const name = "a1 78";
  const hostile: [what: string, bytes: Buffer][] = [
    ["truncated", event(`92 ${name}`)],
    ["2³² array header", event("dd ffffffff")],
    ["array headers that would take 256 MB each", event(`dc 00c8 ${"dd 01ffffff".repeat(199)}`)],
    ["array headers that would take 256 MB each, nested", event("dd 01ffffff".repeat(150))],
    ["2³² map header", event("df ffffffff")],
    ["ext of 2³² bytes", event(`92 ${name} c9 ffffffff 00`)],
    ["timestamp of a wrong length", event(`92 ${name} c7 ff ff ${"00".repeat(255)}`)],
    ["deep nesting", event(`92 ${name} ${"91".repeat(100_000)}c0`)],
    ["a key __proto__", event(`92 ${name} 81 a9 5f5f70726f746f5f5f 80`)],
    ["invalid UTF-8", event(`92 ${name} a2 c328`)],
    ["no packet", hex("c0")],
    ["a packet without a type", hex("81 a3 6e7370 a1 2f")],
    ["an unknown type", hex(`83 a4 74797065 09 a3 6e7370 a1 2f a4 64617461 91 ${name}`)],
    ["a type of the server's", encoded({ type: PacketType.CONNECT_ERROR, nsp: "/", data: {} })],
    ["no namespace", encoded({ type: PacketType.EVENT, data: ["x"] } as unknown as Packet)],
    ["a long namespace", encoded({ type: PacketType.CONNECT, nsp: `/${"x".repeat(256)}` })],
    ["a fractional id", encoded({ type: PacketType.EVENT, nsp: "/", id: 0.5, data: ["x"] })],
    ["a negative id", encoded({ type: PacketType.EVENT, nsp: "/", id: -1, data: ["x"] })],
    ["an id out of range", encoded({ type: PacketType.EVENT, nsp: "/", id: 2 ** 60, data: ["x"] })],
    ["a reserved event", encoded({ type: PacketType.EVENT, nsp: "/", data: ["disconnect"] })],
    ["an event without a name", encoded({ type: PacketType.EVENT, nsp: "/", data: [] })],
    ["a large auth", encoded({ type: PacketType.CONNECT, nsp: "/a", data: { a: "x".repeat(70_000) } })],
    ["trailing bytes", Buffer.concat([encoded({ type: PacketType.EVENT, nsp: "/", data: ["x"] }), hex("c0")])],
  ];

  it.each(hostile)("row 156: msgpack: %s", async (_what, bytes) => {
    const { join } = await openMsgpack();
    const [{ client, socket }, bystander] = [await join(), await join()];
    const errors: unknown[] = [];
    socket.on("error", (error) => errors.push(error));
    const gone = nextEvent(socket, "disconnect");
    client.send(bytes);

    expect((await gone)[0]).toBe("forced close");
    expect(await client.closeCode()).toBe(1005);
    expect(errors).toEqual([expect.objectContaining({ code: "SOCKET_BAD_PACKET" })]);
    const heard = nextEvent(bystander.socket, "alive?");
    bystander.client.send(encoded({ type: PacketType.EVENT, nsp: "/", data: ["alive?"] }));
    await heard;
  });

  it("row 156: msgpack: text in its place", async () => {
    const { client } = await (await openMsgpack()).join();
    client.send('42["x"]');

    expect(await client.closeCode()).toBe(1005);
  });

  it("row 156: msgpack: duplicate keys, ext types, timestamp are read", async () => {
    const { client, socket } = await (await openMsgpack()).join();
    const heard = nextEvent(socket, "x");
    client.send(event(`95 ${name} 82 a1 61 01 a1 61 02 d7 00 00000000000003e8 d4 05 07 c7 02 05 0102`));

    expect(await heard).toEqual([{ a: 2 }, new Date(1_000), [5, Buffer.from([7])], [5, Buffer.from([1, 2])]]);
  });
});

describe("a parser of the user's", () => {
  /** A decoder that does with each message what it says. */
  class WildDecoder extends EventEmitter {
    add(data: string): void {
      const act = WildDecoder.acts[data.slice(0, data.indexOf(" "))];
      act?.(this, data.slice(data.indexOf(" ") + 1));
    }

    destroy(): void {
      throw new TypeError("will not be destroyed");
    }

    static acts: Record<string, (decoder: WildDecoder, json: string) => void> = {
      emit: (decoder, json) => decoder.emit("decoded", JSON.parse(json)),
      "emit-twice": (decoder, json) => {
        decoder.emit("decoded", JSON.parse(json));
        decoder.emit("decoded", JSON.parse(json));
      },
      "emit-later": (decoder, json) => {
        setImmediate(() => decoder.emit("decoded", JSON.parse(json)));
      },
      "emit-undefined": (decoder) => decoder.emit("decoded", undefined),
      "emit-cycle": (decoder) => {
        const cycle: unknown[] = ["x"];
        cycle.push(cycle);
        decoder.emit("decoded", { type: 2, nsp: "/", data: cycle });
      },
      throw: () => {
        throw new TypeError("why");
      },
      "throw-nothing": () => {
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- users' code may
        throw undefined;
      },
      hold: () => undefined,
    };
  }

  const CONNECT = 'emit {"type":0,"nsp":"/"}';
  const parser = { Encoder: TextEncoder, Decoder: WildDecoder } as unknown as Parser;

  it.each<[what: string, ...frames: string[]]>([
    ["throws", CONNECT, "throw x"],
    ["throws undefined", CONNECT, "throw-nothing x"],
    ["emits undefined", CONNECT, "emit-undefined x"],
    ["emits null", CONNECT, "emit null"],
    ["emits what is no packet", CONNECT, "emit {}"],
    ["emits a cycle", CONNECT, "emit-cycle x"],
    ["emits CONNECT twice", 'emit-twice {"type":0,"nsp":"/"}'],
    ["emits a bad packet when nobody waits for it", CONNECT, 'emit-later {"type":2,"nsp":"/","data":{}}'],
    ["emits auth that is a list", 'emit {"type":0,"nsp":"/","data":[]}'],
    ["throws before the first packet", "throw x"],
  ])("row 157: custom parser %s", async (_what, ...frames) => {
    const log = new RecordingLogger();
    const stage = await open({ parser, logger: log });
    const [client, bystander] = [await connect(stage), await connect(stage)];
    bystander.send(`4${CONNECT}`);
    expect(await bystander.next()).toMatch(/^40/);
    client.send(...frames.map((frame) => `4${frame}`));

    expect(await client.closeCode()).toBe(1005);
    await nextTurn();
    stage.io.emit("alive");
    expect(await bystander.next()).toBe('42["alive"]');
    expect(stage.io.engine.clientsCount).toBe(1);
  });

  it("row 157: custom parser emits twice: two events", async () => {
    const stage = await open({ parser });
    const client = await connect(stage);
    client.send(`4${CONNECT}`);
    await client.next();
    const [socket] = stage.io.sockets.sockets.values();
    const heard: unknown[] = [];
    socket?.on("x", (...args: unknown[]) => heard.push(args));
    client.send('4emit-twice {"type":2,"nsp":"/","data":["x",1]}', '4emit-later {"type":2,"nsp":"/","data":["x",2]}');
    await until(() => heard.length === 3, "all have come");

    expect(heard).toEqual([[1], [1], [2]]);
  });

  it("row 157: custom parser that only takes: bounded in bytes", async () => {
    const stage = await open({ parser, maxBinaryBytes: 1_000 });
    const client = await connect(stage);
    client.send(`4${CONNECT}`, `4hold ${"x".repeat(500)}`, `4hold ${"x".repeat(500)}`);

    await expect(client.next()).resolves.toMatch(/^40/);
    expect(await client.closeCode()).toBe(1005);
  });

  /** An encoder that does not encode packets of this type. */
  function refusing(type: PacketType, act: () => unknown): Parser {
    class Encoder extends TextEncoder {
      override encode(packet: Packet): (string | Buffer)[] {
        return packet.type === type ? (act() as string[]) : super.encode(packet);
      }
    }
    return { Encoder, Decoder: WildDecoder };
  }

  const acts: [what: string, act: () => unknown][] = [
    [
      "throws",
      () => {
        throw new TypeError("why");
      },
    ],
    ["returns undefined", () => undefined],
    ["returns a number", () => [7]],
  ];

  it.each(acts)("row 157: custom parser %s for CONNECT", async (_what, act) => {
    const log = new RecordingLogger();
    const stage = await open({ parser: refusing(PacketType.CONNECT, act), logger: log });
    stage.io.use((_socket, next) => {
      setImmediate(next);
    });
    const client = await connect(stage);
    client.send(`4${CONNECT}`);

    expect(await client.closeCode()).toBe(1005);
    expect(log.lines).toEqual(["error a packet of the protocol cannot be encoded"]);
  });

  it.each(acts)("row 157: custom parser %s for CONNECT_ERROR", async (_what, act) => {
    const log = new RecordingLogger();
    const stage = await open({ parser: refusing(PacketType.CONNECT_ERROR, act), logger: log });
    stage.io.use((_socket, next) => {
      setImmediate(() => {
        next(new Error("no entry"));
      });
    });
    for (const name of ["/", "/nowhere"]) {
      const client = await connect(stage);
      client.send(`4emit {"type":0,"nsp":"${name}"}`);
      expect(await client.closeCode()).toBe(1005);
    }
    expect(log.lines).toContain("error a packet of the protocol cannot be encoded");
  });

  it.each(acts)("row 157: custom parser %s for EVENT", async (_what, act) => {
    const stage = await open({ parser: refusing(PacketType.EVENT, act) });
    const client = await connect(stage);
    client.send(`4${CONNECT}`);
    await client.next();
    const [socket] = stage.io.sockets.sockets.values();
    const encodeError = expect.objectContaining({ code: "SOCKET_ENCODE" }) as Error;

    expect(() => socket?.emit("x")).toThrow(encodeError);
    expect(() => stage.io.emit("x")).toThrow(encodeError);
    socket?.disconnect();
    expect(await client.next()).toBe("41");
  });

  it("row 157: custom parser whose classes throw", async () => {
    class Decoder {
      constructor() {
        throw new TypeError("why");
      }
    }
    const log = new RecordingLogger();
    const stage = await open({ parser: { Encoder: TextEncoder, Decoder } as unknown as Parser, logger: log });
    await expect(connect(stage).then((client) => client.next())).rejects.toThrow(/closed with|socket hang up/);

    expect(log.errors).toEqual([new TypeError("why")]);
    expect(stage.io.engine.clientsCount).toBe(0);
  });
});
