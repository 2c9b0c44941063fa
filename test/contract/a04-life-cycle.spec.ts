import { silentLogger } from "rookery/core";
import { WebSocket } from "ws";
import { itIsBetterHere } from "../support/better-here.js";
import { departure, join } from "../support/joining.js";
import type { ServerOptions, Socket } from "../support/peer.js";
import { PollingSession, send } from "../support/raw-http.js";
import { RawWebSocket } from "../support/raw-websocket.js";
import { useStages, type Stage } from "../support/stage.js";
import { nextEvent, until, within } from "../support/waiting.js";

const open = useStages();
const openSilent = (options?: Partial<ServerOptions>): Promise<Stage> => open({ logger: silentLogger, ...options });

/** A polling session in the main namespace, and its socket. */
async function poll(stage: Stage): Promise<{ session: PollingSession; socket: Socket }> {
  const connected = nextEvent(stage.io, "connection");
  const session = await PollingSession.join(stage);
  return { session, socket: (await connected)[0] as Socket };
}

/** A WebSocket that is to take a polling session over. */
async function openProbe(stage: Stage, { sid }: PollingSession): Promise<RawWebSocket> {
  return RawWebSocket.open(stage, `EIO=4&transport=websocket&sid=${sid}`);
}

async function probe(stage: Stage, session: PollingSession): Promise<RawWebSocket> {
  const socket = await openProbe(stage, session);
  socket.send("2probe");
  expect(await socket.next()).toBe("3probe");
  return socket;
}

async function upgrade(stage: Stage, session: PollingSession): Promise<RawWebSocket> {
  const client = await probe(stage, session);
  client.send("5");
  await until(() => stage.io.engine.clients[session.sid]?.transport.name === "websocket", "the upgrade is complete");
  return client;
}

describe("sid", () => {
  it("sid: 20 characters of base64url; socket.id is a second such id", async () => {
    const stage = await open();
    const { socket } = await join(stage);

    expect(socket.conn.id).toMatch(/^[\w-]{20}$/);
    expect(socket.id).toMatch(/^[\w-]{20}$/);
    expect(socket.id).not.toBe(socket.conn.id);
  });

  it("sid: of clients of Engine.IO 3 the socket's id is the engine's, behind the namespace where there is one", async () => {
    const stage = await open({ allowEIO3: true });
    stage.io.of("/x");
    const connected = nextEvent(stage.io, "connection");
    const client = await RawWebSocket.open(stage, "EIO=3&transport=websocket");
    const [socket] = (await connected) as [Socket];
    const inside = nextEvent(stage.io.of("/x"), "connection");
    client.send("40/x,");
    const [other] = (await inside) as [Socket];

    expect(socket.id).toBe(socket.conn.id);
    expect(other.id).toBe(`/x#${socket.conn.id}`);
  });
});

describe("heartbeat", () => {
  it("Heartbeat EIO4: the server pings, and who answers stays", async () => {
    const client = await RawWebSocket.open(await open({ pingInterval: 5, pingTimeout: 4_000 }));
    await client.next();
    for (let round = 0; round < 3; round += 1) {
      expect(await client.next()).toBe("2");
      client.send("3");
    }
  });

  it("Heartbeat EIO4: no other packet counts as an answer", async () => {
    const { client, socket } = await join(await openSilent({ pingInterval: 20, pingTimeout: 20 }));
    const gone = departure(socket);
    expect(await client.next()).toBe("2");
    client.send('42["a"]');

    expect((await gone)[0]).toBe("ping timeout");
  });

  it("Heartbeat EIO3: the client pings, and who does not is gone after interval and timeout", async () => {
    const stage = await open({ allowEIO3: true, pingInterval: 30, pingTimeout: 30 });
    const connected = nextEvent(stage.io, "connection");
    const client = await RawWebSocket.open(stage, "EIO=3&transport=websocket");
    const gone = departure((await connected)[0] as Socket);
    await client.take(2);
    client.send("2");

    expect(await client.next()).toBe("3");
    expect((await gone)[0]).toBe("ping timeout");
  });

  it("Ping in wrong direction: transport error", async () => {
    const { client, socket } = await join(await openSilent());
    const gone = departure(socket);
    client.send("2");

    expect((await gone)[0]).toBe("transport error");
  });
});

describe("upgrade", () => {
  it("Upgrade: 2probe, 3probe, a noop to the poll, 5; then all goes by WebSocket", async () => {
    const stage = await open();
    const { session, socket } = await poll(stage);
    const parked = session.poll();
    const client = await probe(stage, session);

    expect((await parked).body).toBe("6");
    client.send("5");
    await nextEvent(socket.conn, "upgrade");
    socket.emit("a");
    expect(await client.next()).toBe('42["a"]');
  });

  it("Upgrade: a second WebSocket while upgrading is closed", async () => {
    const stage = await openSilent();
    const { session } = await poll(stage);
    const first = await probe(stage, session);
    const second = await openProbe(stage, session);

    expect(await second.closeCode()).toBe(1005);
    first.send("5");
    await until(() => stage.io.engine.clients[session.sid]?.transport.name === "websocket", "the first goes on");
  });

  it("Upgrade: a second WebSocket after the upgrade is closed", async () => {
    const stage = await openSilent();
    const { session } = await poll(stage);
    await upgrade(stage, session);

    expect(await (await openProbe(stage, session)).closeCode()).toBe(1005);
  });

  it("Upgrade: what is no probe closes the probe only, and a new attempt is allowed", async () => {
    const stage = await openSilent();
    const { session, socket } = await poll(stage);
    const client = await openProbe(stage, session);
    client.send("4junk");

    expect(await client.closeCode()).toBe(1005);
    expect(socket.connected).toBe(true);
    const again = await upgrade(stage, session);
    socket.emit("a");
    expect(await again.next()).toBe('42["a"]');
  });

  it("Upgrade: a silent probe is closed at upgradeTimeout", async () => {
    const stage = await openSilent({ upgradeTimeout: 5 });
    const { session, socket } = await poll(stage);
    const client = await openProbe(stage, session);

    expect(await client.closeCode()).toBe(1005);
    expect(socket.connected).toBe(true);
  });

  it("Upgrade: `5` without probe is accepted", async () => {
    const stage = await openSilent();
    const { session, socket } = await poll(stage);
    const client = await openProbe(stage, session);
    client.send("5");
    await until(() => socket.conn.transport.name === "websocket", "the upgrade is complete");
    socket.emit("a");

    expect(await client.next()).toBe('42["a"]');
  });

  it("After upgrade, polling request with sid: 400 code 3", async () => {
    const stage = await openSilent();
    const { session } = await poll(stage);
    await upgrade(stage, session);
    const { status, body } = await session.poll();

    expect([status, body]).toEqual([400, '{"code":3,"message":"Bad request"}']);
  });
});

describe("close packet", () => {
  it("Close packet: on polling closes", async () => {
    const stage = await openSilent();
    const { session, socket } = await poll(stage);
    const gone = departure(socket);
    await session.post("1");

    expect((await gone)[0]).toBe("transport close");
  });

  it("Close packet: on WebSocket is ignored", async () => {
    const { client, socket } = await join(await openSilent());
    const heard = nextEvent(socket, "a");
    client.send("1", '42["a"]');
    await heard;

    expect(socket.connected).toBe(true);
  });
});

describe("`socket.conn` API", () => {
  it("`socket.conn` API: fields", async () => {
    const { socket } = await join(await open());
    const { id, transport, protocol, remoteAddress, request, readyState, writeBuffer } = socket.conn;

    expect(id).toMatch(/^[\w-]{20}$/);
    expect({ name: transport.name, protocol, remoteAddress, readyState, writeBuffer }).toEqual({
      name: "websocket",
      protocol: 4,
      remoteAddress: "127.0.0.1",
      readyState: "open",
      writeBuffer: [],
    });
    expect(request.url).toBe("/socket.io/?EIO=4&transport=websocket");
  });

  it("`socket.conn` API: events of what comes and goes", async () => {
    const { client, socket } = await join(await open({ pingInterval: 20 }));
    const heard = new Set<string>();
    for (const event of ["packet", "packetCreate", "drain", "flush", "heartbeat", "message", "data"]) {
      socket.conn.on(event, () => heard.add(event));
    }
    const heartbeat = nextEvent(socket.conn, "heartbeat");
    client.send('42["a"]');
    expect(await client.next()).toBe("2");
    client.send("3");
    await heartbeat;

    expect([...heard].sort()).toEqual(["data", "drain", "flush", "heartbeat", "message", "packet", "packetCreate"]);
  });

  it("`socket.conn` API: events of an upgrade and of the end", async () => {
    const stage = await open();
    const { session, socket } = await poll(stage);
    const heard: unknown[][] = [];
    for (const event of ["upgrading", "upgrade"]) {
      socket.conn.on(event, ({ name }: { name: string }) => heard.push([event, name]));
    }
    const closed = nextEvent(socket.conn, "close");
    const client = await upgrade(stage, session);
    client.close();

    expect((await closed)[0]).toBe("transport close");
    expect(heard).toEqual([
      ["upgrading", "websocket"],
      ["upgrade", "websocket"],
    ]);
  });
});

describe("what leaves", () => {
  it("Buffering: what a client does not poll waits in writeBuffer", async () => {
    const { session, socket } = await poll(await open());
    for (let n = 0; n < 3; n += 1) socket.emit("n", n);

    expect(socket.conn.writeBuffer).toHaveLength(3);
    expect((await session.poll()).body).toBe('42["n",0]\x1e42["n",1]\x1e42["n",2]');
  });

  itIsBetterHere("Buffering: is bounded in bytes, too", async () => {
    const { socket } = await poll(await openSilent({ maxBufferedBytes: 1_000 }));
    const gone = departure(socket);
    socket.emit("a", "x".repeat(1_001));

    expect((await gone)[0]).toBe("transport error");
  });

  it("Wire batching: all that waits leaves in one response", async () => {
    const { session, socket } = await poll(await open({ maxHttpBufferSize: 100 }));
    for (let n = 0; n < 20; n += 1) socket.emit("n", "x".repeat(50));

    expect((await session.poll()).body.split("\x1e")).toHaveLength(20);
  });

  /** The bytes on the wire of an event with a thousand characters. */
  async function sizeOnWire(compress: boolean): Promise<number> {
    const stage = await open({ perMessageDeflate: { threshold: 100 } });
    const client = new WebSocket(`${stage.url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`);
    stage.onClose(() => {
      client.terminate();
    });
    const message = (): Promise<unknown> =>
      within(new Promise((resolve) => client.once("message", resolve)), "a message");
    await message();
    client.send("40");
    await message();
    const tcp = (client as unknown as { _socket: { bytesRead: number } })._socket;
    const before = tcp.bytesRead;
    stage.io.compress(compress).emit("a", "x".repeat(1_000));
    await message();
    return tcp.bytesRead - before;
  }

  it("WS `perMessageDeflate` flag per packet: compresses from the threshold on", async () => {
    expect(await sizeOnWire(true)).toBeLessThan(200);
  });

  itIsBetterHere("WS `perMessageDeflate` flag per packet: is heeded where the packet says no", async () => {
    expect(await sizeOnWire(false)).toBeGreaterThan(1_000);
  });

  it("Pre-encoded broadcast frames: every client gets the same, and each client its own afterwards", async () => {
    const stage = await open();
    const [ada, ben] = [await join(stage), await join(stage)];
    stage.io.emit("all", "é".repeat(200));
    ben.socket.emit("own");

    expect(await ada.client.next()).toBe(`42["all","${"é".repeat(200)}"]`);
    expect(await ben.client.take(2)).toEqual([`42["all","${"é".repeat(200)}"]`, '42["own"]']);
    expect((await send(stage, "EIO=4&transport=polling")).status).toBe(200);
  });
});
