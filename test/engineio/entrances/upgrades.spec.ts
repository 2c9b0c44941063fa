import type { IncomingMessage, ServerResponse } from "node:http";
import { setImmediate as nextTurn } from "node:timers/promises";
import { WebSocket, WebSocketServer } from "ws";
import { EngineServer, type EngineOptions, type EngineSocket } from "../../../src/engineio/index.js";
import { closeHttpAfterEach } from "../../support/http.js";
import { listenWith, type ListeningEngine } from "../../support/listening-engine.js";
import { RecordingLogger } from "../../support/recording-logger.js";
import { requestUpgrade, type UpgradeReply } from "../../support/raw-upgrade.js";
import { deferred, nextEvent, until } from "../../support/waiting.js";

closeHttpAfterEach();

const PATH = "/engine.io/?EIO=4&transport=websocket";

let engine: ListeningEngine["engine"];
let stage: ListeningEngine["stage"];
let clock: ListeningEngine["clock"];
let errors: ListeningEngine["errors"];

async function listen(options: EngineOptions = {}): Promise<void> {
  ({ engine, stage, clock, errors } = await listenWith(options));
}

function upgrade(headers: Record<string, string> = {}): Promise<UpgradeReply> {
  return requestUpgrade(stage.port, PATH, { headers });
}

describe("the middlewares of an upgrade", () => {
  beforeEach(() => listen());

  it("run in order, before it is accepted", async () => {
    const order: string[] = [];
    engine.use((_request, _response, next) => {
      order.push("first");
      setImmediate(next);
    });
    engine.use((_request, _response, next) => {
      order.push("second");
      next();
    });
    engine.on("connection", () => order.push("connection"));

    expect((await upgrade()).status).toBe(101);
    expect(order).toEqual(["first", "second", "connection"]);
  });

  it("add headers to the answer, each value in a line of its own", async () => {
    engine.use((_request, response, next) => {
      response.setHeader("X-One", "1");
      response.setHeader("Set-Cookie", ["a=1", "b=2"]);
      next();
    });
    engine.on("headers", (headers: Record<string, unknown>) => (headers["x-seen"] = headers["x-one"]));
    const { headers } = await upgrade();

    expect(headers).toEqual(expect.arrayContaining(["x-one: 1", "set-cookie: a=1", "set-cookie: b=2", "x-seen: 1"]));
  });

  it("may wait for writeHead to add theirs, as express-session does", async () => {
    engine.use((_request, response, next) => {
      const { writeHead } = response;
      response.writeHead = function (this: ServerResponse, ...args: unknown[]) {
        this.setHeader("X-Late", "1");
        return writeHead.apply(this, args as never);
      };
      next();
    });

    expect((await upgrade()).headers).toContain("x-late: 1");
  });

  it("hear their response close when its connection does, as loggers expect", async () => {
    const closed = jest.fn();
    engine.use((_request, response, next) => {
      response.on("close", closed);
      next();
    });
    const { status, socket } = await upgrade();
    expect([status, closed.mock.calls.length]).toEqual([101, 0]);

    socket.destroy();
    await until(() => engine.clientsCount === 0, "the session has ended");
    expect(closed).toHaveBeenCalledTimes(1);
  });

  it("are a failure of theirs when writeHead throws", async () => {
    engine.use((_request, response, next) => {
      response.writeHead = () => {
        throw new TypeError("why");
      };
      next();
    });

    expect(await upgrade()).toMatchObject({ status: 400, body: Buffer.from("Bad request") });
    expect(errors[0]?.context).toEqual({ name: "MIDDLEWARE_FAILURE", error: new TypeError("why") });
  });

  it("may answer by themselves, on the bare connection", async () => {
    engine.use((_request, response) => {
      response.writeHead(401, { "WWW-Authenticate": "Basic" });
      response.write("who ");
      response.end("are you?");
    });
    const { status, headers, body } = await upgrade();

    expect(status).toBe(401);
    expect(headers).toEqual(expect.arrayContaining(["WWW-Authenticate: Basic", "Connection: close"]));
    expect(body.toString()).toContain("who ");
    expect(engine.clientsCount).toBe(0);
    expect(errors).toEqual([]);
  });

  it.each([
    [
      "throws",
      (): never => {
        throw new TypeError("why");
      },
    ],
    ["rejects", () => Promise.reject(new TypeError("why"))],
    [
      "calls next with an error",
      (_request: IncomingMessage, _response: ServerResponse, next: (error: unknown) => void) => {
        next(new TypeError("why"));
      },
    ],
  ])("refuse it when one %s", async (_how, middleware) => {
    engine.use(middleware);

    expect(await upgrade()).toMatchObject({ status: 400, body: Buffer.from("Bad request") });
    expect(errors).toMatchObject([{ code: 3, context: { name: "MIDDLEWARE_FAILURE", error: new TypeError("why") } }]);
  });

  it("run before it is checked", async () => {
    const middleware = jest.fn((_request: unknown, _response: unknown, next: () => void) => {
      next();
    });
    engine.use(middleware);
    const { status, body } = await requestUpgrade(stage.port, "/engine.io/?EIO=4&transport=pigeon");

    expect([status, body.toString()]).toEqual([400, "Transport unknown"]);
    expect(middleware).toHaveBeenCalledTimes(1);
  });

  it("may outlast the client", async () => {
    const { promise, resolve } = deferred<() => void>();
    engine.use((_request, _response, next) => {
      resolve(next);
    });
    const upgraded = nextEvent(stage.server, "upgrade");
    const { socket } = await stage.connect();
    socket.write(
      `GET ${PATH} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    );
    const [, connection] = (await upgraded) as [unknown, { destroyed: boolean }];
    const next = await promise;
    socket.resetAndDestroy();
    await until(() => connection.destroyed, "the server knows");
    next();
    await nextTurn();

    expect(engine.clientsCount).toBe(0);
  });
});

describe("two engines at one path", () => {
  const slow = (_request: unknown, _response: unknown, next: () => void): void => {
    setImmediate(next);
  };

  it.each([
    ["without middlewares", undefined],
    ["with middlewares that take their time", slow],
  ])("leave a WebSocket to the one that was first, and say so (%s)", async (_how, middleware) => {
    await listen();
    const log = new RecordingLogger();
    const second = new EngineServer({ logger: log });
    second.attach(stage.server);
    if (middleware !== undefined) for (const one of [engine, second]) one.use(middleware);
    const client = new WebSocket(`ws://127.0.0.1:${stage.port}${PATH}`);
    const [frame] = await nextEvent(client, "message");
    client.terminate();

    expect(String(frame)).toMatch(/^0\{"sid":/);
    expect([engine.clientsCount, second.clientsCount]).toEqual([1, 0]);
    expect(log.lines).toEqual(["error an upgrade was left to another listener of the HTTP server"]);
  });
});

describe("the origin of an upgrade", () => {
  const ORIGINS = { cors: { origin: ["https://a.example", /^https:\/\/.+\.b\.example$/] } };

  it.each(["https://a.example", "https://x.b.example"])("passes when CORS allows it: %s", async (origin) => {
    await listen(ORIGINS);
    const { status, headers } = await upgrade({ origin });

    expect(status).toBe(101);
    expect(headers).toContain(`access-control-allow-origin: ${origin}`);
  });

  it.each([
    "https://evil.example",
    "https://a.example.evil.example",
    "https://A.example",
    "https://a.example.",
    "https://a.example:444",
    "http://a.example",
    "null",
    "https://b.example",
  ])("is refused when CORS does not: %s", async (origin) => {
    await listen(ORIGINS);

    expect(await upgrade({ origin })).toMatchObject({ status: 403, body: Buffer.from("Forbidden") });
    expect(errors).toMatchObject([{ code: 4, message: "Forbidden", context: { name: "ORIGIN_NOT_ALLOWED", origin } }]);
    expect(engine.clientsCount).toBe(0);
  });

  it("passes when there is none: that is no browser", async () => {
    await listen(ORIGINS);

    expect((await upgrade()).status).toBe(101);
  });

  it("passes when it is the server's own", async () => {
    await listen(ORIGINS);

    expect((await upgrade({ origin: `http://127.0.0.1:${stage.port}` })).status).toBe(101);
  });

  it("is held against the forwarded host when proxies are trusted", async () => {
    const headers = { origin: "https://s.example", "x-forwarded-host": "s.example" };
    await listen(ORIGINS);
    expect((await upgrade(headers)).status).toBe(403);

    await listen({ ...ORIGINS, trustProxy: true });
    expect((await upgrade(headers)).status).toBe(101);
  });

  it.each<[what: string, options: EngineOptions]>([
    ["no list", {}],
    ["an open list", { cors: { origin: "*" } }],
    ["a function for a list", { cors: { origin: (_origin, done) => done(null, false) } }],
    ["a list that is not to be checked", { ...ORIGINS, checkOrigin: false }],
  ])("passes with %s", async (_what, options) => {
    await listen(options);

    expect((await upgrade({ origin: "https://evil.example" })).status).toBe(101);
  });

  it("is checked by a function for a list when that is asked for", async () => {
    await listen({
      cors: { origin: (origin, done) => done(null, origin === "https://a.example") },
      checkOrigin: true,
    });

    expect((await upgrade({ origin: "https://evil.example" })).status).toBe(403);
    expect((await upgrade({ origin: "https://a.example" })).status).toBe(101);
  });

  it("is checked without CORS when that is asked for", async () => {
    await listen({ checkOrigin: true });

    expect((await upgrade({ origin: "https://evil.example" })).status).toBe(403);
  });
});

describe("a handshake by upgrade", () => {
  it("may wait for its id", async () => {
    await listen();
    engine.generateId = async () => {
      await nextTurn();
      return "later";
    };
    await upgrade();

    expect(Object.keys(engine.clients)).toEqual(["later"]);
  });

  it.each([
    ["rejects", () => Promise.reject(new TypeError("why"))],
    ["gives nothing, later", () => Promise.resolve("")],
  ])("is refused before it is upgraded when generateId %s", async (_how, generateId) => {
    await listen();
    engine.generateId = generateId;

    expect(await upgrade()).toMatchObject({ status: 400, body: Buffer.from("Bad request") });
    expect(errors[0]?.context).toMatchObject({ name: "ID_GENERATION_ERROR" });
  });

  it("is refused with 400 and the application's text", async () => {
    await listen({ allowRequest: (_request, reply) => reply("not today", false) });

    expect(await upgrade()).toMatchObject({ status: 400, body: Buffer.from("not today") });
  });

  it("is answered 503 when the application does not make up its mind", async () => {
    await listen({ allowRequest: () => undefined, handshakeTimeout: 5_000 });
    const reply = upgrade();
    await until(() => clock.pendingTimers > 0, "the application has been asked");
    clock.advance(5_000);

    expect((await reply).status).toBe(503);
    expect(errors).toMatchObject([{ code: 4, context: { name: "HANDSHAKE_TIMEOUT" } }]);
  });

  it("gets initialPacket right after the open packet", async () => {
    await listen({ initialPacket: "welcome" });
    const client = new WebSocket(`ws://127.0.0.1:${stage.port}${PATH}`);
    const frames: string[] = [];
    client.on("message", (data: Buffer) => frames.push(data.toString()));
    await until(() => frames.length === 2, "both have come");
    client.terminate();

    expect(frames).toEqual([expect.stringMatching(/^0\{"sid":/), "4welcome"]);
  });

  it("is answered 503 by an engine that is closed, and again as before by one that was reopened", async () => {
    await listen();
    engine.close();
    expect((await upgrade()).status).toBe(503);
    expect(errors).toMatchObject([{ code: 3, context: { name: "SERVER_CLOSED" } }]);

    engine.reopen();
    expect((await upgrade()).status).toBe(101);
  });
});

describe("the option wsEngine", () => {
  /** As another package may be: neither headers, nor a TCP socket to write to, nor anything beside what is documented. */
  class OtherEngine {
    static options: unknown[] = [];
    readonly #inner: WebSocketServer;

    constructor(options: object) {
      OtherEngine.options.push(options);
      this.#inner = new WebSocketServer(options);
    }

    handleUpgrade(request: IncomingMessage, socket: never, head: Buffer, accepted: (socket: WebSocket) => void): void {
      this.#inner.handleUpgrade(request, socket, head, (inner) => {
        const outer = {
          on: (event: string, listener: () => void) => inner.on(event, listener),
          get readyState() {
            return inner.readyState;
          },
          get bufferedAmount() {
            return inner.bufferedAmount;
          },
          send: inner.send.bind(inner),
          close: inner.close.bind(inner),
          terminate: inner.terminate.bind(inner),
        };
        accepted(outer as unknown as WebSocket);
      });
    }

    close(): void {
      this.#inner.close();
    }
  }

  it("makes the WebSocket server, which gets engine.io's options", async () => {
    await listen({ wsEngine: OtherEngine, maxHttpBufferSize: 1_000 });

    expect(OtherEngine.options.at(-1)).toEqual({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: 1_000,
    });
  });

  it("carries packets both ways, of every kind", async () => {
    await listen({ wsEngine: OtherEngine });
    const connection = nextEvent(engine, "connection");
    const client = new WebSocket(`ws://127.0.0.1:${stage.port}${PATH}`);
    const frames: unknown[] = [];
    client.on("message", (data: Buffer, isBinary) => frames.push(isBinary ? data : data.toString()));
    const [socket] = (await connection) as [EngineSocket];
    const heard = nextEvent(socket, "message");
    socket
      .send("short")
      .send("x".repeat(70_000))
      .send(Buffer.from([1, 2]));
    socket.send("broadcast", { wsPreEncodedFrame: [Buffer.from("8102", "hex"), Buffer.from("4x")] });
    await until(() => client.readyState === client.OPEN, "the client is connected");
    client.send("4hello");

    expect(await heard).toEqual(["hello"]);
    await until(() => frames.length === 5, "all have come");
    expect(frames.slice(1)).toEqual(["4short", `4${"x".repeat(70_000)}`, Buffer.from([1, 2]), "4broadcast"]);

    const closed = nextEvent(client, "close");
    socket.close();
    await closed;
  });
});
