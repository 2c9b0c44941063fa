import { Socket as EngineClient, type SocketOptions } from "engine.io-client";
import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { engineIo, EngineServer, EngineSocket, Transport, type EnginePacket, type MessageData } from "rookery/core";
import { nextEvent, nextEvents, until, type EventSource } from "../support/waiting.js";

const clients: EngineClient[] = [];
const engines: EngineServer[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) {
    client.close();
    await until(() => client.readyState === "closed", "the client is closed");
  }
  for (const engine of engines.splice(0)) {
    engine.close();
    const server = engine.httpServer as HttpServer | undefined;
    server?.closeAllConnections();
    if (server?.listening !== true) continue;
    server.close();
    await nextEvent(server, "close");
  }
});

function tracked(engine: EngineServer): EngineServer {
  engines.push(engine);
  return engine;
}

/** An engine on a port of its own. */
async function listen(options?: ConstructorParameters<typeof EngineServer>[0]): Promise<EngineServer> {
  const engine = tracked(engineIo.listen(0, options));
  await nextEvent(engine.httpServer as HttpServer, "listening");
  return engine;
}

function portOf({ httpServer }: EngineServer): number {
  return ((httpServer as HttpServer).address() as AddressInfo).port;
}

function connect(port: number, options: Partial<SocketOptions> = {}): EngineClient {
  const client = new EngineClient(`ws://127.0.0.1:${port}`, { transports: ["polling", "websocket"], ...options });
  clients.push(client);
  return client;
}

const events = (client: EngineClient): EventSource => client as unknown as EventSource;

/** A client and its session, connected over these transports. */
async function pair(
  engine: EngineServer,
  options: Partial<SocketOptions> = {},
): Promise<{ client: EngineClient; socket: EngineSocket }> {
  const connection = nextEvent(engine, "connection");
  const client = connect(portOf(engine), options);
  const [socket] = (await connection) as [EngineSocket];
  await until(() => client.readyState === "open", "the client is open");
  return { client, socket };
}

describe("engineIo", () => {
  it("has what the package engine.io exports", () => {
    expect(engineIo.Server).toBe(EngineServer);
    expect(engineIo.Socket).toBe(EngineSocket);
    expect(engineIo.Transport).toBe(Transport);
    expect(Object.keys(engineIo.transports)).toEqual(["polling", "websocket", "webtransport"]);
    expect(engineIo.protocol).toBe(4);
  });

  it("listens on a port of its own and answers all other requests 501", async () => {
    const listening = jest.fn();
    const engine = tracked(engineIo.listen(0, listening));
    await nextEvent(engine.httpServer as HttpServer, "listening");
    const response = await fetch(`http://127.0.0.1:${portOf(engine)}/`);

    expect([response.status, await response.text()]).toEqual([501, "Not Implemented"]);
    expect(listening).toHaveBeenCalledTimes(1);
    expect((await pair(engine)).socket).toBeInstanceOf(EngineSocket);
  });

  it("attaches to a server, under a path", async () => {
    const server = createServer((_request, response) => response.end("the app's"));
    const engine = tracked(engineIo.attach(server, { path: "/chat" }));
    server.listen(0, "127.0.0.1");
    await nextEvent(server, "listening");

    expect((await pair(engine, { path: "/chat" })).socket.readyState).toBe("open");
    expect(await (await fetch(`http://127.0.0.1:${portOf(engine)}/`)).text()).toBe("the app's");
  });

  it("serves requests that the application hands on", async () => {
    const engine = tracked(new engineIo.Server());
    const server = createServer((request, response) => {
      engine.handleRequest(request, response);
    });
    server.on("upgrade", (request, socket, head) => {
      engine.handleUpgrade(request, socket, head);
    });
    server.listen(0, "127.0.0.1");
    await nextEvent(server, "listening");
    engine.httpServer = server;
    const { client, socket } = await pair(engine);
    if (socket.transport.name !== "websocket") await nextEvent(socket, "upgrade");

    expect(socket.transport.name).toBe("websocket");
    expect(client.id).toBe(socket.id);
  });
});

describe("an engine alone", () => {
  it.each([["polling"], ["websocket"]])("carries text and bytes both ways by %s", async (transport) => {
    const engine = await listen();
    const { client, socket } = await pair(engine, { transports: [transport] });
    const atServer = nextEvents(socket, "message", 3);
    const atClient = nextEvents(events(client), "message", 3);
    for (const data of ["text", "é🐦", Buffer.from([1, 2, 3])]) {
      client.send(data);
      socket.send(data);
    }

    expect(await atServer).toEqual([["text"], ["é🐦"], [Buffer.from([1, 2, 3])]]);
    expect(await atClient).toEqual([["text"], ["é🐦"], [Buffer.from([1, 2, 3])]]);
  });

  it.each([["polling"], ["websocket"]])("sends whatever engine.io sends by %s", async (transport) => {
    const { client, socket } = await pair(await listen(), { transports: [transport] });
    const arrived = nextEvents(events(client), "message", 4);
    const bytes = new Uint8Array([0, 1, 2, 3]);
    socket.send(bytes.buffer).send(bytes.subarray(1, 3)).send(new DataView(bytes.buffer, 2)).send(7);

    expect(
      (await arrived).map(([data]) => (typeof data === "string" ? data : (data as Buffer).toString("hex"))),
    ).toEqual(["00010203", "0102", "0203", "7"]);
  });

  it("knows its sessions and forgets them", async () => {
    const engine = await listen();
    const { client, socket } = await pair(engine);
    expect([engine.clientsCount, Object.keys(engine.clients), engine.clients[socket.id]]).toEqual([
      1,
      [socket.id],
      socket,
    ]);

    const closed = nextEvent(socket, "close");
    client.close();
    expect((await closed)[0]).toBe("transport close");
    expect([engine.clientsCount, Object.keys(engine.clients)]).toEqual([0, []]);
  });

  it("tells of an upgrade, and goes on without a loss", async () => {
    const engine = await listen();
    const connection = nextEvent(engine, "connection");
    const client = connect(portOf(engine));
    const [socket] = (await connection) as [EngineSocket];
    const upgrades: unknown[] = [];
    for (const event of ["upgrading", "upgrade"]) {
      socket.on(event, (transport: Transport) => upgrades.push([event, transport.name]));
    }
    const received: MessageData[] = [];
    const sent: MessageData[] = [];
    client.on("message", (data: string) => received.push(data));
    socket.on("message", (data: MessageData) => sent.push(data));
    const names = Array.from({ length: 200 }, (_, index) => `m${index}`);
    for (const name of names) {
      socket.send(name);
      client.send(name);
      await new Promise(setImmediate);
    }
    await until(() => received.length >= 200 && sent.length >= 200, "all have come");

    expect(upgrades).toEqual([
      ["upgrading", "websocket"],
      ["upgrade", "websocket"],
    ]);
    expect([socket.upgraded, socket.upgrading]).toEqual([true, false]);
    expect(received).toEqual(names);
    expect(sent).toEqual(names);
  });

  it("tells of packets, of the queue's way out and of heartbeats", async () => {
    const engine = await listen({ pingInterval: 50 });
    const flushed = jest.fn();
    const drained = jest.fn();
    engine.on("flush", flushed);
    engine.on("drain", drained);
    const { client, socket } = await pair(engine, { transports: ["websocket"] });
    const told: string[] = [];
    socket.on("packet", ({ type }: EnginePacket) => told.push(`packet ${type}`));
    socket.on("packetCreate", ({ type }: EnginePacket) => told.push(`packetCreate ${type}`));
    for (const event of ["flush", "drain", "heartbeat"]) socket.on(event, () => told.push(event));
    client.send("hello");
    socket.send("hi", {}, () => told.push("callback"));
    await nextEvent(socket, "heartbeat");

    expect(told).toEqual(
      expect.arrayContaining(["packetCreate message", "callback", "packetCreate ping", "packet pong", "heartbeat"]),
    );
    expect(told.slice(0, 4)).toEqual(["packetCreate message", "flush", "drain", "callback"]);
    expect(told).toContain("packet message");
    expect(flushed).toHaveBeenCalledWith(
      socket,
      expect.arrayContaining([{ type: "message", data: "hi", options: { compress: true } }]),
    );
    expect(drained).toHaveBeenCalledWith(socket);
  });

  it.each([["polling"], ["websocket"]])("closes a session after what is queued, over %s", async (transport) => {
    const { client, socket } = await pair(await listen(), { transports: [transport] });
    const last = nextEvent(events(client), "message");
    const closed = nextEvent(events(client), "close");
    socket.send("last");
    socket.close();

    expect(await last).toEqual(["last"]);
    expect((await closed)[0]).toBe("transport close");
  });

  it("tells a client why it is refused, and listeners of connection_error", async () => {
    const engine = await listen({ allowRequest: (_request, reply) => reply("not today", false) });
    const refused = nextEvent(engine, "connection_error");
    const client = connect(portOf(engine), { transports: ["polling"] });
    await nextEvent(events(client), "error");

    expect((await refused)[0]).toMatchObject({ code: 4, message: "Forbidden", context: { message: "not today" } });
  });

  it("has the codes, texts and options of engine.io", async () => {
    const engine = await listen({ pingInterval: 1_234 });

    expect(EngineServer.errors).toEqual({
      UNKNOWN_TRANSPORT: 0,
      UNKNOWN_SID: 1,
      BAD_HANDSHAKE_METHOD: 2,
      BAD_REQUEST: 3,
      FORBIDDEN: 4,
      UNSUPPORTED_PROTOCOL_VERSION: 5,
    });
    expect(EngineServer.errorMessages[3]).toBe("Bad request");
    expect(engine.opts.pingInterval).toBe(1_234);
    expect(engine.upgrades("polling")).toEqual(["websocket"]);
  });
});
