import { silentLogger } from "rookery/core";
import { WebSocket } from "ws";
import { departure, join, joinOn, connect, type RawPair } from "../support/joining.js";
import type { ServerOptions } from "../support/peer.js";
import { PollingSession } from "../support/raw-http.js";
import { encodeFrame, Opcode } from "../support/raw-tcp.js";
import { useStages, type Stage } from "../support/stage.js";
import { nextEvent, within } from "../support/waiting.js";

const open = useStages();
const openSilent = (options?: Partial<ServerOptions>): Promise<Stage> => open({ logger: silentLogger, ...options });

interface Case {
  readonly reason: string;
  readonly when: string;
  readonly options?: Partial<ServerOptions>;
  readonly act: (pair: RawPair, stage: Stage) => unknown;
  readonly description?: RegExp;
}

const CASES: readonly Case[] = [
  {
    reason: "transport error",
    when: "a message is too big",
    options: { maxHttpBufferSize: 1_000 },
    act: ({ client }) => {
      client.send(`42["a","${"x".repeat(1_000)}"]`);
    },
    description: /Max payload size exceeded/,
  },
  {
    reason: "transport error",
    when: "the client pings",
    act: ({ client }) => {
      client.send("2");
    },
    description: /invalid heartbeat direction/,
  },
  {
    reason: "transport close",
    when: "the client closes its WebSocket",
    act: ({ client }) => {
      client.close();
    },
  },
  {
    reason: "transport close",
    when: "the network fails",
    act: (_pair, stage) => {
      stage.cutConnections();
    },
  },
  {
    reason: "forced close",
    when: "a Socket.IO packet is invalid",
    act: ({ client }) => {
      client.send("4not a packet");
    },
  },
  {
    reason: "forced close",
    when: "the server closes the engine's socket",
    act: ({ socket }) => {
      socket.conn.close();
    },
  },
  {
    reason: "ping timeout",
    when: "the client does not answer a ping",
    options: { pingInterval: 20, pingTimeout: 20 },
    act: () => undefined,
  },
  {
    reason: "parse error",
    when: "an engine packet is invalid",
    act: ({ client }) => {
      client.send("9");
    },
  },
  {
    reason: "server shutting down",
    when: "io.close() is called",
    act: (_pair, stage) => stage.io.close(),
  },
  {
    reason: "client namespace disconnect",
    when: "the client leaves the namespace",
    act: ({ client }) => {
      client.send("41");
    },
  },
  {
    reason: "server namespace disconnect",
    when: "socket.disconnect() is called",
    act: ({ socket }) => socket.disconnect(),
  },
  {
    reason: "server namespace disconnect",
    when: "disconnectSockets() is called",
    act: (_pair, stage) => {
      stage.io.disconnectSockets();
    },
  },
  {
    // socket.io's documentation says "forced server close" here; what its sockets hear is this.
    reason: "server namespace disconnect",
    when: "socket.disconnect(true) is called (the documented forced server close)",
    act: ({ socket }) => socket.disconnect(true),
  },
];

describe("reasons of a disconnection", () => {
  it.each(CASES)("$reason: when $when", async ({ reason, options, act, description }) => {
    const stage = await openSilent(options);
    const pair = await join(stage);
    const gone = departure(pair.socket);
    await act(pair, stage);
    const [heard, details] = await gone;

    expect(heard).toBe(reason);
    if (description !== undefined) expect((details as Error).message).toMatch(description);
  });

  it("transport close: when a polling client says so", async () => {
    const stage = await openSilent();
    const connected = nextEvent(stage.io, "connection");
    const session = await PollingSession.join(stage);
    const [socket] = (await connected) as [RawPair["socket"]];
    const gone = departure(socket);
    await session.post("1");

    expect((await gone)[0]).toBe("transport close");
  });

  it("forced server close: ends the connection with all of its namespaces", async () => {
    const stage = await openSilent();
    stage.io.of("/x");
    const client = await connect(stage);
    const main = await joinOn(stage, client);
    const other = await joinOn(stage, client, "/x");
    const gone = departure(other.socket);
    main.socket.disconnect(true);
    await gone;

    expect(await client.closeCode()).toBe(1005);
    expect(other.socket.connected).toBe(false);
  });
});

describe("close codes of WebSocket", () => {
  /** Sends bytes behind the back of the client's library. */
  async function closeCodeAfter(stage: Stage, ...chunks: Buffer[]): Promise<number> {
    const client = new WebSocket(`${stage.url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`);
    stage.onClose(() => {
      client.terminate();
    });
    await within(new Promise((resolve) => client.once("message", resolve)), "the handshake");
    const closed = new Promise<number>((resolve) => client.once("close", resolve));
    for (const chunk of chunks)
      (client as unknown as { _socket: { write: (bytes: Buffer) => void } })._socket.write(chunk);
    return within(closed, "the close");
  }

  const frame = (opcode: number, payload: string | Buffer = "", final = true): Buffer =>
    encodeFrame({ opcode, payload: Buffer.from(payload as string), final });
  const withFirstByte = (byte: number): Buffer =>
    Buffer.concat([Buffer.from([byte]), frame(Opcode.text, "4").subarray(1)]);

  it.each<[code: number, when: string, bytes: Buffer]>([
    [1005, "every close of Engine.IO", frame(Opcode.text, "9")],
    [1002, "reserved bits", withFirstByte(0xf1)],
    [1002, "an unknown opcode", withFirstByte(0x83)],
    [1002, "an unmasked frame", Buffer.from([0x81, 1, 0x34])],
    [1002, "a fragmented control frame", frame(Opcode.ping, "", false)],
    [1002, "a long control frame", frame(Opcode.ping, "x".repeat(126))],
    [1002, "a bad close payload", frame(Opcode.close, Buffer.from([1]))],
    [1007, "invalid UTF-8", frame(Opcode.text, Buffer.from([0x34, 0xff]))],
    [1009, "a message that is too big", frame(Opcode.text, "4".repeat(1_001))],
    [1009, "a length above 2^53-1", Buffer.from([0x81, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])],
    [1008, "too many fragments", Buffer.concat([frame(Opcode.text, "4", false), ...fragments(16_400)])],
  ])("WebSocket close codes: %i for %s", async (code, _when, bytes) => {
    expect(await closeCodeAfter(await openSilent({ maxHttpBufferSize: 1_000 }), bytes)).toBe(code);
  });

  function fragments(count: number): Buffer[] {
    return Array<Buffer>(count).fill(frame(Opcode.continuation, "", false));
  }

  it("WebSocket close codes: 1006 when the connection breaks", async () => {
    const stage = await openSilent();
    const { client } = await join(stage);
    stage.cutConnections();

    expect(await client.closeCode()).toBe(1006);
  });
});
