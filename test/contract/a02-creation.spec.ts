import { createServer, request } from "node:http";
import { createServer as createHttp2Server, connect as connectHttp2 } from "node:http2";
import type { AddressInfo, Server as NetServer } from "node:net";
import { text } from "node:stream/consumers";
import express from "express";
import fastify from "fastify";
import Koa from "koa";
import { EngineServer, silentLogger, type EngineRequest, type HttpServerInstance } from "rookery/core";
import { join } from "../support/joining.js";
import { Server } from "../support/peer.js";
import { PollingSession, send } from "../support/raw-http.js";
import { RawWebSocket } from "../support/raw-websocket.js";
import { joinServerOf, SERVER_KINDS } from "../support/server-kinds.js";
import { useStages } from "../support/stage.js";
import { nextEvent } from "../support/waiting.js";

const HANDSHAKE = "EIO=4&transport=polling";

const open = useStages();
const servers: Server[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((io) => io.close()));
});

function tracked(io: Server): Server {
  servers.push(io);
  return io;
}

async function listen(server: NetServer): Promise<void> {
  if (!server.listening) await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
}

/** The body that an HTTP server answers with. */
async function get(server: HttpServerInstance, path: string): Promise<string> {
  const { port } = (server as NetServer).address() as AddressInfo;
  return new Promise((resolve, reject) => {
    request({ host: "127.0.0.1", port, path, agent: false }, (response) => {
      resolve(text(response));
    })
      .on("error", reject)
      .end();
  });
}

describe("creation and attachment", () => {
  it.each<[form: string, make: () => Server]>([
    ["new Server()", () => new Server().attach(createServer())],
    ["new Server(opts)", () => new Server({ pingInterval: 7 }).attach(createServer())],
    ["new Server(port)", () => new Server(0)],
    ["new Server(port, opts)", () => new Server(0, { pingInterval: 7 })],
    ["a numeric string for the port", () => new Server("0")],
    ["new Server(httpServer)", () => new Server(createServer())],
    ["new Server(httpServer, opts)", () => new Server(createServer(), { pingInterval: 7 })],
  ])("Constructors: %s serves", async (form, make) => {
    const io = tracked(make());
    const http = io.httpServer;
    await listen(http);
    const pingInterval = form.includes("opts") ? 7 : 25_000;

    expect(await get(http, `/socket.io/?${HANDSHAKE}`)).toContain(`"pingInterval":${pingInterval}`);
  });

  it.each(["listen", "attach"] as const)("listen/attach(port | server): %s takes either", async (method) => {
    const onServer = tracked(new Server())[method](createServer());
    const onPort = tracked(new Server())[method](0);

    for (const io of [onServer, onPort]) {
      await listen(io.httpServer);
      expect(await get(io.httpServer, `/socket.io/?${HANDSHAKE}`)).toMatch(/^0\{"sid":/);
    }
  });

  it.each(["listen", "attach"] as const)("listen/attach(port | server): %s refuses an express app", (method) => {
    expect(() => new Server()[method](express() as never)).toThrow(
      "You are trying to attach socket.io to an express request handler function. Please pass a http.Server instance.",
    );
  });

  it("bind(engine): takes the connections of an engine that was made elsewhere", async () => {
    const stage = await open();
    const engine = new EngineServer();
    stage.io.bind(engine);
    stage.http.removeAllListeners("upgrade");
    engine.attach(stage.http, { path: "/socket.io" });

    expect((await join(stage)).socket.conn.server).toBe(engine);
  });

  it("http / https / http2: polls over plain HTTP/2", async () => {
    const http = createHttp2Server();
    tracked(new Server(http));
    await listen(http);
    const session = connectHttp2(`http://127.0.0.1:${(http.address() as AddressInfo).port}`);
    const answer = await text(session.request({ ":path": `/socket.io/?${HANDSHAKE}` }));
    session.close();

    expect(answer).toMatch(/^0\{"sid":/);
  });

  it.each(SERVER_KINDS)("http / https / http2: a client of $name by $transport", async (kind) => {
    const { socket, close } = await joinServerOf(kind);

    expect(socket.connected).toBe(true);
    expect(socket.conn.transport.name).toBe(kind.transport === "websocket" ? "websocket" : "polling");
    await close();
  });

  it.each<[name: string, make: () => HttpServerInstance | Promise<HttpServerInstance>]>([
    ["Express", () => createServer(express().get("/", (_request, response) => void response.send("the app's")))],
    [
      "Koa",
      () =>
        createServer(
          new Koa()
            .use((context) => {
              context.body = "the app's";
            })
            .callback() as never,
        ),
    ],
    [
      "Fastify",
      async () => {
        const app = fastify();
        app.get("/", () => "the app's");
        await app.ready();
        return app.server;
      },
    ],
  ])("Express, Fastify, Koa, Nest: %s goes on answering what is not ours", async (_name, make) => {
    const http = await make();
    tracked(new Server(http));
    await listen(http);

    expect(await get(http, "/")).toBe("the app's");
    expect(await get(http, `/socket.io/?${HANDSHAKE}`)).toMatch(/^0\{"sid":/);
  });

  it("uWebSockets.js: attachApp says that it needs another kind of server", () => {
    const io = new Server() as unknown as { attachApp: (app: object) => void };

    expect(() => {
      io.attachApp({});
    }).toThrow();
  });

  it("io.path(), io.serveClient(), io.connectTimeout(), io.adapter(): read and set what was given", () => {
    const io = new Server({ path: "/a", serveClient: false, connectTimeout: 7 });
    const before = [io.path(), io.serveClient(), io.connectTimeout()];
    io.path("/b/").serveClient(true).connectTimeout(8);
    const Adapter = io.adapter();

    expect(before).toEqual(["/a", false, 7]);
    expect([io.path(), io.serveClient(), io.connectTimeout()]).toEqual(["/b", true, 8]);
    expect(io.adapter(Adapter as never).of("/").adapter).toBeInstanceOf(Adapter);
    expect(io.httpServer).toBeUndefined();
  });
});

describe("io.engine", () => {
  it("WebTransport: a session is refused while an engine middleware would be bypassed", async () => {
    const { io } = await open({ transports: ["webtransport"] });
    io.engine.use((_request: unknown, _response: unknown, next: () => void) => {
      next();
    });
    const closed: string[] = [];
    const session = {
      ready: Promise.resolve(),
      close: () => closed.push("closed"),
      closed: new Promise(() => undefined),
    };
    await io.engine.onWebTransportSession(session as never);

    expect(closed).toEqual(["closed"]);
    expect(io.engine.clientsCount).toBe(0);
  });

  it("io.engine.use(fn): runs for polling requests and for upgrades", async () => {
    const stage = await open();
    const seen: unknown[] = [];
    stage.io.engine.use((request, _response, next) => {
      const { transport } = (request as EngineRequest)._query ?? {};
      seen.push([request.method, transport]);
      next();
    });
    const session = await PollingSession.open(stage);
    await session.post("40");
    await RawWebSocket.open(stage);

    expect(seen).toEqual([
      ["GET", "polling"],
      ["POST", "polling"],
      ["GET", "websocket"],
    ]);
  });

  it("initial_headers (handshake only) and headers (every response): change what is sent", async () => {
    const stage = await open();
    stage.io.engine.on("initial_headers", (headers: Record<string, string>) => (headers["x-first"] = "1"));
    stage.io.engine.on("headers", (headers: Record<string, string>) => (headers["x-each"] = "1"));
    const handshake = await send(stage, HANDSHAKE);
    const { sid } = JSON.parse(handshake.body.slice(1)) as { sid: string };
    const post = await send(stage, `${HANDSHAKE}&sid=${sid}`, { method: "POST", body: "40" });

    expect([handshake.headers["x-first"], handshake.headers["x-each"]]).toEqual(["1", "1"]);
    expect([post.headers["x-first"], post.headers["x-each"]]).toEqual([undefined, "1"]);
  });

  it("connection_error on engine: tells { req, code, message, context }", async () => {
    const stage = await open();
    const failure = nextEvent(stage.io.engine, "connection_error");
    await send(stage, "EIO=4&transport=pigeon");
    const [{ req, ...rest }] = (await failure) as [{ req: { url: string } }];

    expect(req.url).toBe("/socket.io/?EIO=4&transport=pigeon");
    expect(rest).toEqual({ code: 0, message: "Transport unknown", context: { transport: "pigeon" } });
  });

  it("io.engine.clientsCount: counts the open sessions", async () => {
    const stage = await open();
    await join(stage);
    await PollingSession.open(stage);

    expect(stage.io.engine.clientsCount).toBe(2);
  });

  it.each<[kind: string, generate: (request: unknown) => string | Promise<string>]>([
    ["text", () => "my-id"],
    ["a promise", async () => "my-id"],
  ])("io.engine.generateId(req) override: may return %s", async (_kind, generate) => {
    const stage = await open();
    stage.io.engine.generateId = generate;

    expect((await PollingSession.open(stage)).sid).toBe("my-id");
  });

  it("io.engine.generateId(req) override: a failure is 400 code 3 ID_GENERATION_ERROR", async () => {
    const stage = await open({ logger: silentLogger });
    stage.io.engine.generateId = () => Promise.reject(new TypeError("no ids left"));
    const failure = nextEvent(stage.io.engine, "connection_error");
    const { status, body } = await send(stage, HANDSHAKE);

    expect([status, body]).toEqual([400, '{"code":3,"message":"Bad request"}']);
    expect(await failure).toMatchObject([{ context: { name: "ID_GENERATION_ERROR" } }]);
  });
});

describe("Close", () => {
  it("Close: disconnecting, disconnect, callback, promise, in this order", async () => {
    const stage = await open();
    const { client, socket } = await join(stage);
    const heard: unknown[] = [];
    for (const event of ["disconnecting", "disconnect"] as const) {
      socket.on(event, (reason) => heard.push([event, reason]));
    }
    await stage.io.close((error) => heard.push(["callback", error])).then(() => heard.push("promise"));

    expect(heard).toEqual([
      ["disconnecting", "server shutting down"],
      ["disconnect", "server shutting down"],
      ["callback", undefined],
      "promise",
    ]);
    expect(await client.closeCode()).toBe(1005);
    expect(stage.http.listening).toBe(false);
  });

  it("Close: the callback hears that the HTTP server was not listening, and the promise resolves all the same", async () => {
    const io = new Server(createServer());
    const errors: unknown[] = [];
    await io.close((error) => errors.push(error));

    expect(errors).toMatchObject([{ code: "ERR_SERVER_NOT_RUNNING" }]);
  });

  it("Close: requests are refused afterwards", async () => {
    const stage = await open();
    const { url } = stage;
    await stage.io.close();

    await expect(fetch(`${url}/socket.io/?${HANDSHAKE}`)).rejects.toThrow();
  });
});
