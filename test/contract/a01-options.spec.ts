import type { Duplex } from "node:stream";
import { silentLogger, type EngineSocket } from "rookery/core";
import { Adapter } from "socket.io-adapter";
import { Decoder as JsonDecoder, Encoder as JsonEncoder } from "socket.io-parser";
import { WebSocket, WebSocketServer } from "ws";
import { itIsBetterHere } from "../support/better-here.js";
import { Bus } from "../support/bus.js";
import { called, connect, departure, join } from "../support/joining.js";
import type { ServerOptions } from "../support/peer.js";
import { PollingSession, send, sendTo } from "../support/raw-http.js";
import { RawWebSocket } from "../support/raw-websocket.js";
import { useStages, type Stage } from "../support/stage.js";
import { nextEvent, until, within } from "../support/waiting.js";

const HANDSHAKE = "EIO=4&transport=polling";
/** The type of a message between servers. */
const FETCH_SOCKETS = 7;

const open = useStages();
const openSilent = (options?: Partial<ServerOptions>): Promise<Stage> => open({ logger: silentLogger, ...options });

/** What the server tells in its handshake. */
async function handshake(stage: Stage): Promise<Record<string, unknown>> {
  return JSON.parse((await send(stage, HANDSHAKE)).body.slice(1));
}

/** Opens a WebSocket to a path that is nobody's; resolves when it has been closed. */
async function foreignUpgrade(stage: Stage): Promise<void> {
  const client = new WebSocket(`${stage.url.replace("http", "ws")}/elsewhere`);
  await within(new Promise((resolve) => client.once("error", resolve)), "the end of the foreign upgrade");
}

describe("where it listens", () => {
  it.each<[path: string, options: Partial<ServerOptions>, isOurs: boolean]>([
    ["/socket.io/", {}, true],
    ["/socket.io/foo", {}, true],
    ["/socket.io", {}, false],
    ["/other/", { path: "/other/" }, true],
    ["/other/", { path: "/other" }, true],
    ["/socket.io/", { path: "/other" }, false],
  ])("path: a request for %s with %j is ours: %s", async (path, options, isOurs) => {
    const stage = await open(options);
    stage.http.on("request", (_request, response) => {
      if (!response.headersSent && !isOurs) response.writeHead(404).end();
    });

    expect((await sendTo(stage, `${path}?${HANDSHAKE}`)).status).toBe(isOurs ? 200 : 404);
  });

  it("addTrailingSlash: when it is false the path needs none", async () => {
    const stage = await open({ addTrailingSlash: false });

    expect((await sendTo(stage, `/socket.io?${HANDSHAKE}`)).status).toBe(200);
  });

  it.each<[serveClient: boolean | undefined, status: number]>([
    [undefined, 200],
    [false, 400],
  ])("serveClient: %s answers the request for the client with %i", async (serveClient, status) => {
    const stage = await open(serveClient === undefined ? {} : { serveClient });

    expect((await sendTo(stage, "/socket.io/socket.io.js")).status).toBe(status);
  });

  it("destroyUpgrade / destroyUpgradeTimeout: foreign upgrades are ended after the time", async () => {
    await foreignUpgrade(await open({ destroyUpgradeTimeout: 5 }));
  });

  it("destroyUpgrade / destroyUpgradeTimeout: false leaves them to the app", async () => {
    const stage = await open({ destroyUpgrade: false, destroyUpgradeTimeout: 1 });
    const taken = nextEvent(stage.http, "upgrade");
    const client = new WebSocket(`${stage.url.replace("http", "ws")}/elsewhere`).on("error", () => undefined);
    const socket = (await taken)[1] as Duplex;
    // By the time that another server has ended one after a longer time, this one would have.
    await foreignUpgrade(await open({ destroyUpgradeTimeout: 20 }));
    const isOpen = socket.writable;
    client.terminate();
    socket.destroy();

    expect(isOpen).toBe(true);
  });
});

describe("what it is made of", () => {
  it.each<[recovery: string, options: Partial<ServerOptions>]>([
    ["without recovery", {}],
    ["with it", { connectionStateRecovery: {} }],
  ])("adapter: is in memory, %s", async (_recovery, options) => {
    const { adapter } = (await open(options)).io.of("/");

    expect(adapter).toBeInstanceOf(Adapter);
    expect(await adapter.serverCount()).toBe(1);
  });

  it("adapter: may be another kind", async () => {
    class OwnAdapter extends Adapter {}

    expect((await open({ adapter: OwnAdapter })).io.of("/").adapter).toBeInstanceOf(OwnAdapter);
  });

  it("parser: may be another one", async () => {
    class Encoder extends JsonEncoder {
      override encode(packet: Parameters<JsonEncoder["encode"]>[0]): (string | Buffer)[] {
        return super.encode({ ...packet, data: Array.isArray(packet.data) ? ["changed"] : (packet.data as unknown) });
      }
    }
    const { client, socket } = await join(await open({ parser: { Encoder, Decoder: JsonDecoder } }));
    socket.emit("original");

    expect(await client.next()).toBe('42["changed"]');
  });

  it("wsEngine: makes the WebSocket server", async () => {
    const made: unknown[] = [];
    class Engine extends WebSocketServer {
      constructor(options: object) {
        super(options);
        made.push(options);
      }
    }
    await join(await open({ wsEngine: Engine }));

    expect(made.at(-1)).toMatchObject({ noServer: true, clientTracking: false, maxPayload: 1_000_000 });
  });

  it("cleanupEmptyChildNamespaces: is false", async () => {
    const stage = await open();
    stage.io.of(/^\/x/);
    const { client, socket } = await join(stage, "/x");
    const gone = departure(socket);
    client.send("41/x,");
    await gone;

    expect(stage.io._nsps.has("/x")).toBe(true);
  });

  it("connectionStateRecovery: is off, and gives the client a pid when it is on", async () => {
    for (const [options, answer] of [
      [{}, /^40\{"sid":"[\w-]+"\}$/],
      [{ connectionStateRecovery: {} }, /^40\{"sid":"[\w-]+","pid":"[\w-]+"\}$/],
    ] as const) {
      const client = await connect(await open(options));
      client.send("40");

      expect(await client.next()).toMatch(answer);
    }
  });
});

describe("times", () => {
  it("pingInterval and pingTimeout: are 25 000 and 20 000", async () => {
    expect(await handshake(await open())).toMatchObject({ pingInterval: 25_000, pingTimeout: 20_000 });
  });

  it("pingInterval: after it the server pings", async () => {
    const client = await connect(await open({ pingInterval: 5 }));

    expect(await client.next()).toBe("2");
  });

  it("pingTimeout: after it a client that does not answer is gone", async () => {
    const stage = await open({ pingInterval: 5, pingTimeout: 5 });
    // Not a socket's departure: so short a time may be over before the client has joined.
    const gone = called((callback) => {
      stage.io.engine.on("connection", (conn: EngineSocket) => conn.on("close", callback));
    });
    await connect(stage);

    expect((await gone)[0]).toBe("ping timeout");
  });

  it("connectTimeout: is 45 000, and ends a connection that joins no namespace", async () => {
    expect((await open()).io.connectTimeout()).toBe(45_000);
    const client = await connect(await open({ connectTimeout: 5 }));

    expect(await client.closeCode()).toBe(1005);
  });

  it("connectTimeout: also ends one whose middleware never calls next", async () => {
    const stage = await open({ connectTimeout: 5 });
    stage.io.use(() => undefined);
    const client = await connect(stage);
    client.send("40");

    expect(await client.closeCode()).toBe(1005);
  });

  it("upgradeTimeout: closes a silent probe, and the session goes on", async () => {
    const stage = await open({ upgradeTimeout: 5 });
    const session = await PollingSession.join(stage);
    const probe = await RawWebSocket.open(stage, `EIO=4&transport=websocket&sid=${session.sid}`);
    await probe.closeCode();
    stage.io.emit("still here");

    expect((await session.poll()).body).toBe('42["still here"]');
  });

  it("adapter request timeout: is the adapter's own, unless timeout() says", async () => {
    const bus = new Bus();
    const [one] = [await open({ adapter: bus.adapter }), await open({ adapter: bus.adapter })];
    await until(async () => (await one.io.of("/").adapter.serverCount()) === 2, "the servers know of each other");
    bus.lost.add(FETCH_SOCKETS);

    await expect(one.io.timeout(1).fetchSockets()).rejects.toThrow("timeout reached");
  });

  it("adapter heartbeatInterval/heartbeatTimeout: a server that leaves is no longer counted", async () => {
    const bus = new Bus();
    const [one, two] = [await open({ adapter: bus.adapter }), await open({ adapter: bus.adapter })];
    const count = async (): Promise<number> => one.io.of("/").adapter.serverCount();
    await until(async () => (await count()) === 2, "the servers know of each other");
    await two.io.close();

    expect(await count()).toBe(1);
  });

  it("global ack timeout: there is none unless ackTimeout says", async () => {
    const { socket } = await join(await open({ ackTimeout: 1 }));
    const patient = await join(await open());
    const calls: unknown[] = [];
    patient.socket.emit("q", () => calls.push("called"));
    await called((callback) => patient.socket.timeout(5).emit("q", callback));

    expect(calls).toEqual([]);
    expect(socket.nsp.server.opts.ackTimeout).toBe(1);
  });
});

describe("sizes", () => {
  it("maxHttpBufferSize: is 1 000 000, told in the handshake as maxPayload", async () => {
    expect(await handshake(await open())).toMatchObject({ maxPayload: 1_000_000 });
  });

  it("maxHttpBufferSize: bounds polling bodies and WebSocket messages", async () => {
    const stage = await openSilent({ maxHttpBufferSize: 100 });
    const session = await PollingSession.join(stage);
    const client = await connect(stage);
    client.send("4".repeat(101));

    expect((await session.post("4".repeat(101))).status).toBe(413);
    expect(await client.closeCode()).toBe(1009);
  });

  it.each<[packet: string, count: number, closes: boolean]>([
    ["10", 10, false],
    ["11", 11, true],
  ])("parser maxAttachments: %s", async (packet, count, closes) => {
    const { client, socket } = await join(await openSilent());
    const heard = called((callback) => socket.onAny(callback).on("disconnect", callback));
    const placeholders = Array.from({ length: count }, (_, num) => `{"_placeholder":true,"num":${num}}`);
    client.send(`45${packet}-["b",${placeholders.join()}]`, ...Array<Buffer>(count).fill(Buffer.from([1])));

    expect((await heard)[0]).toBe(closes ? "forced close" : "b");
  });

  it("parser reviver / replacer: change values on their way", async () => {
    const reviver = (_key: string, value: unknown): unknown => (value === "in" ? "revived" : value);
    const replacer = (_key: string, value: unknown): unknown => (value === "out" ? "replaced" : value);
    class Encoder extends JsonEncoder {
      constructor() {
        super(replacer);
      }
    }
    class Decoder extends JsonDecoder {
      constructor() {
        super(reviver);
      }
    }
    const { client, socket } = await join(await open({ parser: { Encoder, Decoder } }));
    socket.emit("a", "out");
    const heard = nextEvent(socket, "a");
    client.send('42["a","in"]');

    expect(await client.next()).toBe('42["a","replaced"]');
    expect(await heard).toEqual(["revived"]);
  });

  itIsBetterHere("max outgoing buffer per connection: ends a client that does not take what it is sent", async () => {
    const stage = await openSilent({ maxBufferedPackets: 10 });
    const connected = nextEvent(stage.io, "connection");
    await PollingSession.join(stage);
    const [socket] = (await connected) as [Parameters<typeof departure>[0]];
    const gone = departure(socket);
    for (let n = 0; n <= 11; n += 1) socket.emit("n", n);

    expect((await gone)[0]).toBe("transport error");
  });

  itIsBetterHere("total binary bytes per packet: are bounded", async () => {
    const { client, socket } = await join(await openSilent({ maxBinaryBytes: 10 }));
    const gone = departure(socket);
    client.send('451-["b",{"_placeholder":true,"num":0}]', Buffer.alloc(11));

    expect((await gone)[0]).toBe("forced close");
  });

  itIsBetterHere("incomplete binary packet timeout: ends a client that does not send the rest", async () => {
    const { client, socket } = await join(await openSilent({ packetCompletionTimeout: 5 }));
    const gone = departure(socket);
    client.send('451-["b",{"_placeholder":true,"num":0}]');

    expect((await gone)[0]).toBe("forced close");
  });

  it("ws_max_message_size / ws_max_frame_size: ws bounds the fragments of a message", async () => {
    const stage = await openSilent();
    const client = new WebSocket(`${stage.url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`);
    stage.onClose(() => {
      client.terminate();
    });
    await within(new Promise((resolve) => client.once("message", resolve)), "the handshake");
    const closed = new Promise((resolve) => client.once("close", resolve));
    client.send("4", { fin: false });
    for (let count = 0; count < 16_400; count += 1) client.send("", { fin: false });

    expect(await within(closed, "the close")).toBe(1008);
  });
});

describe("who is let in", () => {
  it.each<[answer: [string | null, boolean], status: number, body: string]>([
    [[null, false], 403, '{"code":4,"message":"Forbidden"}'],
    [["not today", false], 403, '{"code":4,"message":"not today"}'],
  ])("allowRequest(req, fn(err, ok)): %j refuses with %i", async (answer, status, body) => {
    const reply = await send(
      await open({
        allowRequest: (_request, decide) => {
          decide(...answer);
        },
      }),
      HANDSHAKE,
    );

    expect([reply.status, reply.body]).toEqual([status, body]);
  });

  itIsBetterHere("allowRequest(req, fn(err, ok)): a throw refuses", async () => {
    const allowRequest = (): never => {
      throw new TypeError("mishap");
    };

    expect((await send(await openSilent({ allowRequest }), HANDSHAKE)).status).toBe(403);
  });

  it("transports: are polling and websocket", async () => {
    const stage = await open();

    expect(await handshake(stage)).toMatchObject({ upgrades: ["websocket"] });
    expect((await send(stage, "EIO=4&transport=webtransport")).status).toBe(400);
  });

  it("transports: one that is left out is unknown", async () => {
    const stage = await open({ transports: ["websocket"] });

    expect((await send(stage, HANDSHAKE)).body).toBe('{"code":0,"message":"Transport unknown"}');
    expect((await join(stage)).socket.conn.transport.name).toBe("websocket");
  });

  it("transports: webtransport is an upgrade when it is asked for", async () => {
    const stage = await open({ transports: ["polling", "websocket", "webtransport"] });

    expect(await handshake(stage)).toMatchObject({ upgrades: ["websocket", "webtransport"] });
  });

  it("allowUpgrades: false offers none", async () => {
    expect(await handshake(await open({ allowUpgrades: false }))).toMatchObject({ upgrades: [] });
  });

  itIsBetterHere("allowUpgrades: false refuses a client that upgrades all the same", async () => {
    const stage = await openSilent({ allowUpgrades: false });
    const { sid } = await PollingSession.open(stage);

    await expect(RawWebSocket.open(stage, `EIO=4&transport=websocket&sid=${sid}`)).rejects.toThrow("400");
  });

  it.each<[allowEIO3: boolean | undefined, status: number]>([
    [undefined, 400],
    [true, 200],
  ])("allowEIO3: %s answers Engine.IO 3 with %i", async (allowEIO3, status) => {
    const stage = await open(allowEIO3 === undefined ? {} : { allowEIO3 });

    expect((await send(stage, "EIO=3&transport=polling")).status).toBe(status);
  });
});

describe("what is sent along", () => {
  it("perMessageDeflate: is off; on, it compresses from 1024 bytes", async () => {
    expect((await open()).io.engine.opts.perMessageDeflate).toBeFalsy();
    const stage = await open({ perMessageDeflate: true });
    const client = await RawWebSocket.open(stage);

    expect(await client.next()).toMatch(/^0\{/);
    expect(stage.io.engine.opts.perMessageDeflate).toMatchObject({ threshold: 1_024 });
  });

  it.each<[encoding: string | undefined, size: number, encoded: string | undefined]>([
    ["gzip", 2_000, "gzip"],
    ["deflate", 2_000, "deflate"],
    ["gzip", 100, undefined],
    [undefined, 2_000, undefined],
  ])("httpCompression: %s, %i characters: %s", async (encoding, size, encoded) => {
    const stage = await open();
    const session = await PollingSession.join(stage);
    const text = "x".repeat(size);
    stage.io.emit("a", text);
    const headers: Record<string, string> = encoding === undefined ? {} : { "accept-encoding": encoding };
    const reply = await send(stage, session.query, { headers });

    expect(reply.headers["content-encoding"]).toBe(encoded);
    if (encoded === undefined) expect(reply.body).toBe(`42["a","${text}"]`);
  });

  it("initialPacket: is sent right after the handshake", async () => {
    const client = await RawWebSocket.open(await open({ initialPacket: "hello" }));

    expect(await client.take(2)).toEqual([expect.stringMatching(/^0\{/), "4hello"]);
  });

  it.each<[cookie: ServerOptions["cookie"], header: RegExp | undefined]>([
    [undefined, undefined],
    [true, /^io=[\w-]{20}; Path=\/; HttpOnly; SameSite=Lax$/],
    [{ name: "sid", path: false } as never, /^sid=[\w-]{20}; HttpOnly; SameSite=Lax$/],
    [{ name: "sid", maxAge: 60 }, /^sid=[\w-]{20}; Max-Age=60; Path=\/; HttpOnly; SameSite=Lax$/],
  ])("cookie: %j", async (cookie, header) => {
    const { headers } = await send(await open(cookie === undefined ? {} : { cookie }), HANDSHAKE);
    const [line] = headers["set-cookie"] ?? [];

    if (header === undefined) expect(line).toBeUndefined();
    else expect(line).toMatch(header);
  });

  it("cors: without it there is no header at all", async () => {
    const { headers } = await send(await open(), HANDSHAKE, { headers: { origin: "https://a.example" } });

    expect(Object.keys(headers).filter((name) => name.startsWith("access-control-"))).toEqual([]);
  });

  it("cors: options are those of the package", async () => {
    const stage = await open({ cors: { origin: "https://a.example", credentials: true } });
    const origin = { origin: "https://a.example" };
    const { headers } = await send(stage, HANDSHAKE, { headers: origin });
    const preflight = await send(stage, HANDSHAKE, {
      method: "OPTIONS",
      headers: { ...origin, "access-control-request-method": "GET" },
    });

    expect(headers).toMatchObject({
      "access-control-allow-origin": "https://a.example",
      "access-control-allow-credentials": "true",
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers).toMatchObject({
      "access-control-allow-methods": "GET,HEAD,PUT,PATCH,POST,DELETE",
      "content-length": "0",
    });
  });

  it("polling close timeout (not an option): a client that polls no more has 30 s to hear of the end", async () => {
    const stage = await open();
    const session = await PollingSession.join(stage);
    const [conn] = Object.values(stage.io.engine.clients);
    conn?.close();

    expect(conn?.readyState).toBe("closing");
    expect((await session.poll()).body).toMatch(/1$/);
    expect(conn?.readyState).toBe("closed");
  });
});
