import { silentLogger } from "rookery/core";
import { WebSocket } from "ws";
import { itIsBetterHere } from "../support/better-here.js";
import { PollingSession, send } from "../support/raw-http.js";
import { RawConnection, UPGRADE } from "../support/raw-connection.js";
import { encodeFrame, Opcode } from "../support/raw-tcp.js";
import { RawWebSocket } from "../support/raw-websocket.js";
import type { ServerOptions, Socket } from "../support/peer.js";
import { useStages, type Stage } from "../support/stage.js";
import { nextEvent, until } from "../support/waiting.js";

const openStage = useStages();
const open = (options: Partial<ServerOptions> = {}): Promise<Stage> => openStage({ logger: silentLogger, ...options });

const CLOSED_WITH_1008 = "\u0088\u0002\u0003\u00f0";

const frame = (opcode: number, payload: string, final = true): string =>
  encodeFrame({ opcode, payload: Buffer.from(payload), final }).toString("latin1");

/** A WebSocket as a bare connection, past the engine's handshake. */
async function upgraded(stage: Stage): Promise<RawConnection> {
  const connection = new RawConnection(stage);
  await connection.upgrade();
  return connection;
}

async function stillServes(stage: Stage): Promise<void> {
  expect((await send(stage, "EIO=4&transport=polling")).status).toBe(200);
}

describe("a WebSocket", () => {
  it.each(["", "x"])("of 20,000 fragments of %j is closed", async (payload) => {
    const stage = await open();
    const connection = await upgraded(stage);
    connection.write(frame(Opcode.text, "4", false));
    for (let count = 0; count < 200; count += 1) {
      connection.write(frame(Opcode.continuation, payload, false).repeat(100));
    }
    const received = await connection.ended();

    expect(received).toContain(CLOSED_WITH_1008);
    await stillServes(stage);
  });

  it("that inflates beyond the limit is closed", async () => {
    const stage = await open({ perMessageDeflate: true });
    const client = new WebSocket(`ws://127.0.0.1:${stage.port}/socket.io/?EIO=4&transport=websocket`);
    await nextEvent(client, "open");
    const closed = nextEvent(client, "close");
    client.send(`4${"a".repeat(10_000_000)}`);

    expect((await closed)[0]).toBe(1009);
    await stillServes(stage);
  });

  it("that says something behind its request for an upgrade is heard once or not at all", async () => {
    const stage = await open();
    const connected = jest.fn();
    stage.io.on("connection", connected);
    const connection = new RawConnection(stage);
    connection.write(`${UPGRADE.join("\r\n")}\r\n\r\n${frame(Opcode.text, "40")}`);
    await connection.receive('"maxPayload"');
    connection.write(frame(Opcode.ping, "sync"));
    await connection.receive("sync");

    expect(connected.mock.calls.length).toBeLessThan(2);
    await stillServes(stage);
  });

  itIsBetterHere("that pings and never reads is closed", async () => {
    const stage = await open();
    const connection = await upgraded(stage);
    await connection.flood(() => stage.io.engine.clientsCount === 0);

    await stillServes(stage);
  });

  it.each([
    ["right behind its request", 0],
    ["with the answer on its way", 1],
    ["after the handshake", 2],
  ])("may be reset %s", async (_when, turns) => {
    const stage = await open();
    for (let count = 0; count < 20; count += 1) {
      const connection = new RawConnection(stage);
      await nextEvent(connection.socket, "connect");
      connection.request(...UPGRADE);
      for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
      connection.socket.resetAndDestroy();
    }
    await until(() => stage.io.engine.clientsCount === 0, "all sessions are gone");

    await stillServes(stage);
  });

  it.each([124, 125, 126, 65_534, 65_535, 65_536])("carries %d bytes either way", async (size) => {
    const stage = await open();
    const connected = nextEvent(stage.io, "connection");
    const client = await RawWebSocket.join(stage);
    const [socket] = (await connected) as [Socket];
    const heard = nextEvent(socket, "say");
    const text = "x".repeat(size - '42["say",""]'.length);
    client.send(`42["say","${text}"]`);
    expect(await heard).toEqual([text]);

    socket.emit("say", text);
    expect(await client.next()).toBe(`42["say","${text}"]`);
  });
});

describe("the upgrade of a session", () => {
  const query = (sid: string): string => `EIO=4&transport=websocket&sid=${sid}`;

  const joined = async (stage: Stage): Promise<{ session: PollingSession; socket: Socket }> => {
    const connected = nextEvent(stage.io, "connection");
    const session = await PollingSession.join(stage);
    const [socket] = (await connected) as [Socket];
    return { session, socket };
  };

  it("tried 100 times at once leaves one, and no timer", async () => {
    const stage = await open();
    const { session, socket } = await joined(stage);
    const probes = await Promise.all(Array.from({ length: 100 }, () => RawWebSocket.open(stage, query(session.sid))));
    for (const probe of probes) probe.send("2probe");
    const answers = await Promise.all(probes.map((probe) => probe.next().catch(() => "closed")));
    const winner = answers.indexOf("3probe");

    expect(answers.filter((answer) => answer === "3probe")).toHaveLength(1);
    probes[winner]?.send("5");
    await until(() => socket.conn.transport.name === "websocket", "the session is upgraded");
    socket.emit("say", 1);
    expect(await probes[winner]?.next()).toBe('42["say",1]');
  });

  it("is refused when that is over", async () => {
    const stage = await open();
    const { session } = await joined(stage);
    await session.post("1");
    const connection = new RawConnection(stage);
    connection.request(UPGRADE[0]?.replace("websocket", `websocket&sid=${session.sid}`) ?? "", ...UPGRADE.slice(1));

    expect(await connection.ended()).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n[^]*Session ID unknown$/);
  });

  it("loses nothing of 1,000 events that the server emits meanwhile, and 100 after", async () => {
    const stage = await open();
    const { session, socket } = await joined(stage);
    const probe = await RawWebSocket.open(stage, query(session.sid));
    const received: unknown[] = [];
    const take = (frames: string): void => {
      for (const packet of frames.split("\u001e")) if (packet !== "6") received.push(packet);
    };
    probe.send("2probe");
    expect(await probe.next()).toBe("3probe");
    for (let count = 0; count < 1_000; count += 1) {
      socket.emit("say", count);
      if (count === 500) take((await session.poll()).body);
    }
    const done = nextEvent(socket.conn, "upgrade");
    probe.send("5");
    await done;
    for (let count = 1_000; count < 1_100; count += 1) socket.emit("say", count);
    while (received.length < 1_100) take(String(await probe.next()));

    expect(received).toEqual(Array.from({ length: 1_100 }, (_, count) => `42["say",${count}]`));
  });

  it("ends with the session when the client stops polling before it is complete", async () => {
    const stage = await open();
    const { session, socket } = await joined(stage);
    const gone = nextEvent(socket, "disconnect");
    const probe = await RawWebSocket.open(stage, query(session.sid));
    probe.send("2probe");
    expect(await probe.next()).toBe("3probe");
    await session.post("1");

    expect((await gone)[0]).toBe("transport close");
    expect(await probe.closeCode()).toBe(1005);
  });

  it("answers the parked poll at once when the session is closed", async () => {
    const stage = await open();
    const { session, socket } = await joined(stage);
    const poll = session.poll();
    await until(() => socket.conn.transport.writable, "the poll is parked");
    socket.conn.close();

    expect((await poll).body).toBe("1");
  });
});
