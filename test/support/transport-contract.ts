import type { EnginePacket, MessageData, Transport } from "rookery/core";
import type { TransportHandler } from "../../src/engineio/index.js";
import { until } from "./waiting.js";

/** A transport, and the client at its other end. */
export interface TransportEnds {
  readonly transport: Transport;
  /** What the client has received so far, in the frames of a WebSocket whatever carried it. */
  readonly frames: readonly MessageData[];
  /** Resolves when the client waits for nothing any more: its connection is closed, its poll answered for good. */
  readonly closed: Promise<void>;
  /** Sends frames from the client, in order. */
  send(...frames: MessageData[]): void;
  /** The client is gone, without a goodbye. */
  vanish(): void;
  /** Frees what the test has opened. */
  dispose(): Promise<void> | void;
}

type Heard = readonly [what: "message" | "control" | "writable" | "end", ...details: unknown[]];

/** Hears everything that a transport tells, in order. */
class Recorder implements TransportHandler {
  readonly heard: Heard[] = [];
  onMessage(data: MessageData): void {
    this.heard.push(["message", data]);
  }

  onControl(type: string, data: MessageData | undefined): void {
    this.heard.push(["control", type, data]);
  }

  onStray(): void {
    // Only some transports have anything of the kind.
  }

  onWritable(): void {
    this.heard.push(["writable"]);
  }

  onEnd(reason: string, description?: unknown): void {
    this.heard.push(["end", reason, description]);
  }

  of(what: Heard[0]): Heard[] {
    return this.heard.filter(([kind]) => kind === what);
  }

  get packets(): Heard[] {
    return this.heard.filter(([kind]) => kind === "message" || kind === "control");
  }
}

const bytes = Buffer.from([0, 1, 254, 255]);

/** What every transport does, whatever it runs over. `open` gives one whose client is connected. */
export function itFulfilsTheTransportContract(open: () => Promise<TransportEnds>): void {
  let ends: TransportEnds;
  let transport: Transport;
  let recorder: Recorder;

  beforeEach(async () => {
    ends = await open();
    transport = ends.transport;
    recorder = new Recorder();
    transport.handler = recorder;
    await ready();
  });

  afterEach(() => ends.dispose());

  const ready = (): Promise<void> => until(() => transport.ready && transport.writable, "the transport is ready");

  const send = async (...packets: EnginePacket[]): Promise<void> => {
    await ready();
    transport.send(packets);
  };

  const sendMessage = async (data: MessageData): Promise<void> => {
    await ready();
    transport.sendMessage(data);
  };

  const framesOfClient = async (count: number): Promise<readonly MessageData[]> => {
    await until(() => ends.frames.length >= count, `the client has ${count} frames`);
    return ends.frames;
  };

  const packetsOfClient = async (count: number): Promise<Heard[]> => {
    await until(() => recorder.packets.length >= count, `the transport has delivered ${count} packets`);
    return recorder.packets;
  };

  const end = async (): Promise<Heard | undefined> => {
    await until(() => recorder.of("end").length > 0, "the transport has ended");
    return recorder.heard.at(-1);
  };

  describe("receiving", () => {
    it("delivers text and bytes in the order of the client", async () => {
      ends.send("4one", bytes, "4", "4zwölf ✓");

      expect(await packetsOfClient(4)).toEqual([
        ["message", "one"],
        ["message", bytes],
        ["message", ""],
        ["message", "zwölf ✓"],
      ]);
    });

    it("keeps the order over several sends", async () => {
      for (let count = 1; count <= 20; count += 1) ends.send(`4${count}`);

      const delivered = await packetsOfClient(20);

      expect(delivered.map(([, data]) => Number(data))).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    });

    it("delivers control packets with what they carry", async () => {
      ends.send("2probe", "3", "5");

      expect(await packetsOfClient(3)).toEqual([
        ["control", "ping", "probe"],
        ["control", "pong", undefined],
        ["control", "upgrade", undefined],
      ]);
    });

    it("delivers to whoever is its handler by then", async () => {
      ends.send("4one");
      await packetsOfClient(1);
      const successor = new Recorder();
      transport.handler = successor;
      ends.send("4two");
      await until(() => successor.packets.length > 0, "the successor has heard something");

      expect([recorder.packets, successor.packets]).toEqual([[["message", "one"]], [["message", "two"]]]);
    });

    it("ends with a parse error at what it cannot decode, and lets the client go", async () => {
      ends.send("9");
      ends.send("4late");
      await ends.closed;

      expect(await end()).toEqual(["end", "parse error", expect.objectContaining({ code: "ENGINE_BAD_PAYLOAD" })]);
      expect(recorder.packets).toEqual([]);
    });
  });

  describe("sending", () => {
    it("sends packets in order, over several calls", async () => {
      const message = (data: MessageData): EnginePacket => ({ type: "message", data });

      await send(message("one"), { type: "ping" }, message(bytes), { type: "pong", data: "probe" });
      await sendMessage("two");
      await send(message("three"));

      expect(await framesOfClient(6)).toEqual(["4one", "2", bytes, "3probe", "4two", "4three"]);
    });

    it.each<[string, MessageData]>([
      ["text", "plain"],
      ["text beyond ASCII", "zwölf ✓ 🐦"],
      ["text of more than one short frame", "x".repeat(70_000)],
      ["no text", ""],
      ["bytes", bytes],
      ["no bytes", Buffer.alloc(0)],
    ])("sends %s by sendMessage as by send", async (_what, data) => {
      await sendMessage(data);
      await send({ type: "message", data });

      const [first, second] = await framesOfClient(2);

      expect(first).toEqual(typeof data === "string" ? `4${data}` : data);
      expect(second).toEqual(first);
    });

    it("sends bytes as they are at the call", async () => {
      const reused = Buffer.from([1, 2, 3]);

      await sendMessage(reused);
      reused.fill(0);

      expect(await framesOfClient(1)).toEqual([Buffer.from([1, 2, 3])]);
    });

    it("calls nobody inside the call that sends", async () => {
      await ready();
      const before = recorder.heard.length;

      transport.send([{ type: "ping" }]);

      expect(recorder.heard).toHaveLength(before);
    });

    it("is ready again after a send, and says so when it was not", async () => {
      await sendMessage("one");
      const stayedReady = transport.ready && transport.writable;
      const before = recorder.of("writable").length;
      await ready();

      expect(stayedReady || recorder.of("writable").length > before).toBe(true);
    });

    it("holds no bytes when all of them have left", async () => {
      await sendMessage("one");
      await framesOfClient(1);
      await until(() => transport.bufferedBytes === 0, "nothing is buffered");

      expect(transport.bufferedBytes).toBe(0);
    });
  });

  describe("ending", () => {
    it("says goodbye at close, after what was sent before", async () => {
      await sendMessage("last");
      transport.close();
      await ends.closed;

      expect(ends.frames.filter((frame) => frame !== "1")).toEqual(["4last"]);
      expect(await end()).toEqual(["end", "transport close", undefined]);
    });

    it("closes once, however often it is told to", async () => {
      transport.close();
      transport.close();
      await ends.closed;
      transport.close();
      await end();

      expect(recorder.of("end")).toHaveLength(1);
    });

    it("ends once when the client is gone, and tells nothing after that", async () => {
      ends.vanish();
      await end();
      transport.close();
      await ends.closed;

      const ended = recorder.of("end");
      expect(ended.map(([, reason]) => reason)).toEqual([expect.stringMatching(/^transport (close|error)$/)]);
      expect(recorder.heard.at(-1)).toBe(ended[0]);
    });

    it("is closed, and neither ready nor writable, after its end", async () => {
      ends.vanish();
      await end();

      expect([transport.readyState, transport.ready, transport.writable]).toEqual(["closed", false, false]);
    });

    it.each(["discard", "terminate"] as const)("delivers nothing after %s, and lets the client go", async (letGo) => {
      transport[letGo]();
      ends.send("4late");
      await ends.closed;

      expect(recorder.packets).toEqual([]);
      expect(recorder.of("end")).toEqual([]);
    });

    it.each(["discard", "terminate"] as const)("may be told to %s after it has closed", async (letGo) => {
      transport.close();
      await ends.closed;
      await end();

      expect(() => {
        transport[letGo]();
        transport[letGo]();
      }).not.toThrow();
      expect(recorder.of("end")).toHaveLength(1);
    });
  });
}
