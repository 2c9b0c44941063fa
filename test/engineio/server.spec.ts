import { setImmediate as nextTurn } from "node:timers/promises";
import { WebSocket } from "ws";
import { EngineServer, EngineSocket, type ConnectionError, type EngineOptions } from "../../src/engineio/index.js";
import { FakeTransport } from "../support/fake-transport.js";
import { closeHttpAfterEach, HttpStage } from "../support/http.js";
import { ManualClock } from "../support/manual-clock.js";
import { RecordingLogger } from "../support/recording-logger.js";
import { nextEvent, until } from "../support/waiting.js";

closeHttpAfterEach();

const request = { headers: {}, socket: {} };
const POLLING = "/engine.io/?EIO=4&transport=polling";

let log: RecordingLogger;
let clock: ManualClock;

function createEngine(options: EngineOptions = {}): EngineServer {
  log = new RecordingLogger();
  clock = new ManualClock();
  return new EngineServer({ logger: log, clock, ...options });
}

/** An engine on a port; its first session has the id "first". */
async function listen(options?: EngineOptions): Promise<{ engine: EngineServer; stage: HttpStage }> {
  const engine = createEngine(options);
  const stage = await HttpStage.open();
  engine.attach(stage.server);
  const ids = ["first"];
  const { generateId } = engine;
  engine.generateId = (of) => ids.shift() ?? generateId(of);
  return { engine, stage };
}

/** A WebSocket to the engine and the head of the answer to its upgrade. */
async function openWebSocket(
  stage: HttpStage,
  query = "EIO=4&transport=websocket",
): Promise<{ client: WebSocket; headers: Record<string, unknown> }> {
  const client = new WebSocket(`ws://127.0.0.1:${stage.port}/engine.io/?${query}`).on("error", () => undefined);
  const [[response]] = await Promise.all([nextEvent(client, "upgrade"), nextEvent(client, "open")]);
  return { client, headers: (response as { headers: Record<string, unknown> }).headers };
}

function refusals(engine: EngineServer): ConnectionError[] {
  const errors: ConnectionError[] = [];
  engine.on("connection_error", (error: ConnectionError) => errors.push(error));
  return errors;
}

describe("EngineServer.accept", () => {
  it("opens a session over any transport", () => {
    const engine = createEngine();
    const transport = new FakeTransport("memory");
    const socket = engine.accept(transport, request);

    expect(socket).toBeInstanceOf(EngineSocket);
    expect(socket.id).toMatch(/^[\w-]{20}$/);
    expect(transport.frames).toEqual([expect.stringMatching(/^0\{"sid":"[\w-]{20}","upgrades":\[\],/)]);
    expect(engine.clientsCount).toBe(1);
  });

  it("hands each session to onConnection, then to listeners", () => {
    const engine = createEngine();
    const order: unknown[] = [];
    engine.on("connection", (socket) => order.push("listener", socket));
    engine.onConnection = (socket) => {
      order.push("handler", socket);
      return { onMessage: () => undefined, onClose: () => undefined, onDrain: () => undefined };
    };
    const socket = engine.accept(new FakeTransport(), request);

    expect(order).toEqual(["handler", socket, "listener", socket]);
  });

  it.each([[""], [undefined], [7], [Promise.resolve("x")]])("refuses %p as an id", (id) => {
    const engine = createEngine();
    engine.generateId = () => id as string;

    expect(() => engine.accept(new FakeTransport(), request)).toThrow(
      expect.objectContaining({ code: "ENGINE_DUPLICATE_ID" }),
    );
    expect(engine.clientsCount).toBe(0);
  });

  it("takes the id that a derived class makes", () => {
    class Numbering extends EngineServer {
      override generateId(): string {
        return "derived";
      }
    }

    expect(new Numbering({ clock: new ManualClock() }).accept(new FakeTransport(), request).id).toBe("derived");
  });

  it("refuses an id that is in use, and takes it when it is free again", () => {
    const engine = createEngine();
    engine.generateId = () => "__proto__";
    const first = engine.accept(new FakeTransport(), request);

    expect(() => engine.accept(new FakeTransport(), request)).toThrow("already in use");
    first.close();
    expect(engine.accept(new FakeTransport(), request).id).toBe("__proto__");
  });

  it("leaves no session behind when onConnection throws", () => {
    const engine = createEngine();
    engine.onConnection = () => {
      throw new TypeError("why");
    };

    expect(() => engine.accept(new FakeTransport(), request)).toThrow("why");
    expect(engine.clientsCount).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it.each([
    [
      "throws",
      (): never => {
        throw new TypeError("why");
      },
    ],
    ["rejects", jest.fn().mockRejectedValue(new TypeError("why"))],
  ])("logs that a listener of connection %s, and keeps the session", async (_how, listener) => {
    const engine = createEngine();
    engine.on("connection", listener);
    engine.accept(new FakeTransport(), request);
    await nextTurn();

    expect(engine.clientsCount).toBe(1);
    expect(log.lines).toEqual(['error a listener of "connection" on the engine threw']);
  });
});

describe("EngineServer.close", () => {
  it("ends all sessions and drops what they have queued", () => {
    const engine = createEngine();
    const closed: unknown[] = [];
    engine.onConnection = () => ({
      onMessage: () => undefined,
      onClose: (reason) => closed.push(reason),
      onDrain: () => undefined,
    });
    const [idle, busy] = [new FakeTransport(), new FakeTransport("polling")];
    engine.accept(idle, request);
    engine.accept(busy, request).send("queued");
    engine.close();
    engine.close();

    expect(closed).toEqual(["server shutting down", "server shutting down"]);
    expect(idle.goodbyes[0]).toBe("close");
    expect(busy.frames).toHaveLength(1);
    expect(engine.clientsCount).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe("a request to the engine", () => {
  it("opens a session by polling", async () => {
    const { engine, stage } = await listen();

    expect((await stage.send(POLLING)).body).toBe(
      '0{"sid":"first","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}',
    );
    expect(engine.clientsCount).toBe(1);
  });

  it("opens a session by WebSocket", async () => {
    const { engine, stage } = await listen();
    const opened = nextEvent(engine, "connection");
    await openWebSocket(stage);
    const [socket] = (await opened) as [EngineSocket];

    expect(socket.transport.name).toBe("websocket");
    expect(socket.remoteAddress).toContain("127.0.0.1");
  });

  it("asks for an upgrade in vain, and is served, where there is no WebSocket", async () => {
    const { stage } = await listen({ transports: ["polling"] });
    const headers = { Connection: "Upgrade", Upgrade: "h2c" };

    expect((await stage.send(POLLING, { headers })).status).toBe(200);
  });

  it("tells listeners of connection_error why it is refused", async () => {
    const { engine, stage } = await listen();
    const errors = refusals(engine);
    const { status, body } = await stage.send(`${POLLING}&sid=x`);

    expect([status, body]).toEqual([400, '{"code":1,"message":"Session ID unknown"}']);
    expect(errors).toEqual([{ req: expect.anything(), code: 1, message: "Session ID unknown", context: { sid: "x" } }]);
  });

  it("of a WebSocket's session is refused when it is a plain one, and the server lives", async () => {
    const { stage, engine } = await listen();
    const errors = refusals(engine);
    await openWebSocket(stage);
    const { status, body } = await stage.send("/engine.io/?EIO=4&transport=websocket&sid=first");

    expect([status, body]).toEqual([400, '{"code":3,"message":"Bad request"}']);
    expect(errors[0]?.context).toEqual({ name: "TRANSPORT_HANDSHAKE_ERROR" });
    expect(engine.clientsCount).toBe(1);
  });

  it("that polls a second time at once is refused, and the first poll is told to close", async () => {
    const { stage, engine } = await listen();
    await stage.send(POLLING);
    const first = stage.send(`${POLLING}&sid=first`);
    await nextEvent(stage.server, "request");
    const second = await stage.send(`${POLLING}&sid=first`);

    expect([second.status, second.body]).toEqual([400, ""]);
    expect(await first).toMatchObject({ status: 200, body: "1" });
    expect(engine.clientsCount).toBe(0);
  });

  it("that posts junk ends the session, and the parked poll is told to close", async () => {
    const { stage } = await listen();
    await stage.send(POLLING);
    const poll = stage.send(`${POLLING}&sid=first`);
    await nextEvent(stage.server, "request");
    const post = await stage.send(`${POLLING}&sid=first`, { method: "POST", body: "junk" });

    expect(post).toMatchObject({ status: 200, body: "ok" });
    expect(await poll).toMatchObject({ status: 200, body: "1" });
  });

  it.each([
    [
      "throws",
      (): never => {
        throw new TypeError("why");
      },
    ],
    ["gives nothing", (): string => ""],
  ])("is refused with code 3 when generateId %s", async (_how, generateId) => {
    const { stage, engine } = await listen();
    const errors = refusals(engine);
    engine.generateId = generateId;
    const { status, body } = await stage.send(POLLING);

    expect([status, body]).toEqual([400, '{"code":3,"message":"Bad request"}']);
    expect(errors[0]?.context).toMatchObject({ name: "ID_GENERATION_ERROR" });
    expect(engine.clientsCount).toBe(0);
  });

  it("closes a WebSocket when generateId throws", async () => {
    const { stage, engine } = await listen();
    engine.generateId = () => {
      throw new TypeError("why");
    };
    const client = new WebSocket(`ws://127.0.0.1:${stage.port}/engine.io/?EIO=4&transport=websocket`);
    client.on("error", () => undefined);
    await nextEvent(client, "close");

    expect(log.lines).toEqual(["error a connection could not be opened"]);
  });

  it("is asked about once per session", async () => {
    const allowRequest = jest.fn((_request: unknown, reply: (error: null, allowed: boolean) => void) =>
      reply(null, true),
    );
    const { stage } = await listen({ allowRequest });
    await stage.send(POLLING);
    await stage.send(`${POLLING}&sid=first`, { method: "POST", body: "4a" });

    expect(allowRequest).toHaveBeenCalledTimes(1);
  });

  it("is refused with 403 when the application says no", async () => {
    const { stage, engine } = await listen({ allowRequest: (_request, reply) => reply("not today", false) });
    const { status, body } = await stage.send(POLLING);

    expect([status, body]).toEqual([403, '{"code":4,"message":"not today"}']);
    expect(engine.clientsCount).toBe(0);
  });

  it("passes the middlewares first", async () => {
    const { stage, engine } = await listen();
    engine.use((_request, response, next) => {
      response.setHeader("X-Seen", "yes");
      next();
    });
    const { status, headers } = await stage.send(POLLING);

    expect([status, headers["x-seen"]]).toEqual([200, "yes"]);
  });

  it("is refused with code 3 when a middleware fails", async () => {
    const { stage, engine } = await listen();
    const errors = refusals(engine);
    engine.use((_request, _response, next) => next(new TypeError("why")));

    expect(await stage.send(POLLING)).toMatchObject({ status: 400, body: '{"code":3,"message":"Bad request"}' });
    expect(errors[0]?.context).toEqual({ name: "MIDDLEWARE_FAILURE", error: new TypeError("why") });
  });
});

describe("the option cors", () => {
  it("adds no header when it is left out, or false", async () => {
    for (const options of [{}, { cors: false } as unknown as EngineOptions]) {
      const { stage } = await listen(options);
      const { headers } = await stage.send(POLLING, { headers: { origin: "https://a.example" } });

      expect(Object.keys(headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
    }
  });

  it("is the cors package's", async () => {
    const { stage } = await listen({ cors: { origin: "https://a.example", credentials: true } });
    const { headers } = await stage.send(POLLING, { headers: { origin: "https://a.example" } });
    const preflight = await stage.send(POLLING, { method: "OPTIONS", headers: { origin: "https://a.example" } });

    expect(headers).toMatchObject({
      "access-control-allow-origin": "https://a.example",
      "access-control-allow-credentials": "true",
    });
    expect([preflight.status, preflight.headers["content-length"]]).toEqual([204, "0"]);
  });
});

describe("headers that listeners add", () => {
  const addHeaders = (engine: EngineServer): void => {
    engine.on("initial_headers", (headers: Record<string, string>) => (headers["x-initial"] = "1"));
    engine.on("headers", (headers: Record<string, string>) => (headers["x-every"] = "1"));
  };

  it("are on the responses of a session, the initial ones on its first", async () => {
    const { stage, engine } = await listen();
    addHeaders(engine);
    const first = await stage.send(POLLING);
    const second = await stage.send(`${POLLING}&sid=first`, { method: "POST", body: "4a" });

    expect([first.headers["x-initial"], first.headers["x-every"]]).toEqual(["1", "1"]);
    expect([second.headers["x-initial"], second.headers["x-every"]]).toEqual([undefined, "1"]);
  });

  it("may take the place of the engine's own", async () => {
    const { stage, engine } = await listen();
    engine.on("headers", (headers: Record<string, string>) => (headers["cache-control"] = "private"));

    expect((await stage.send(POLLING)).headers["cache-control"]).toBe("private");
  });

  it("are on the answer to an upgrade", async () => {
    const { stage, engine } = await listen();
    addHeaders(engine);

    expect((await openWebSocket(stage)).headers).toMatchObject({ "x-initial": "1", "x-every": "1" });
  });

  it.each([
    ["x-split", "a\r\nx-injected: 1"],
    ["x-invalid", "\u0000"],
    ["not a name", "1"],
  ])("are left out when they are none, and logged (%s)", async (name, value) => {
    const { stage, engine } = await listen();
    engine.on("headers", (headers: Record<string, string>) => Object.assign(headers, { [name]: value, "x-good": "1" }));
    const polled = await stage.send(POLLING);
    const upgraded = await openWebSocket(stage);

    for (const headers of [polled.headers, upgraded.headers]) {
      expect(headers["x-good"]).toBe("1");
      expect(headers).not.toHaveProperty([name]);
      expect(headers).not.toHaveProperty(["x-injected"]);
    }
    expect(log.lines).toEqual(Array(2).fill("error a header that a listener added cannot be sent"));
  });
});

describe("an upgrade of a session", () => {
  const upgradable = async (options?: EngineOptions): Promise<{ stage: HttpStage; session: EngineSocket }> => {
    const { stage, engine } = await listen(options);
    const opened = nextEvent(engine, "connection");
    await stage.send(POLLING);
    const [session] = (await opened) as [EngineSocket];
    return { stage, session };
  };

  const QUERY = "EIO=4&transport=websocket&sid=first";

  it("goes by a probe", async () => {
    const { stage, session } = await upgradable();
    const { client } = await openWebSocket(stage, QUERY);
    client.send("2probe");
    const [answer] = await nextEvent(client, "message");
    client.send("5");
    await until(() => session.upgraded, "the session is upgraded");

    expect(String(answer)).toBe("3probe");
    expect(session.transport.name).toBe("websocket");
  });

  it("is tried by one WebSocket at a time", async () => {
    const { stage, session } = await upgradable();
    const first = await openWebSocket(stage, QUERY);
    const second = await openWebSocket(stage, QUERY);
    await nextEvent(second.client, "close");
    expect(session.attempt).toBeDefined();

    first.client.send("5");
    await until(() => session.upgraded, "the first is taken");
    const third = await openWebSocket(stage, QUERY);
    await nextEvent(third.client, "close");
    expect(session.readyState).toBe("open");
  });

  it("is given up after upgradeTimeout", async () => {
    const { stage, session } = await upgradable({ upgradeTimeout: 3_000 });
    const { client } = await openWebSocket(stage, QUERY);
    clock.advance(3_000);
    await nextEvent(client, "close");

    expect(session.attempt).toBeUndefined();
    expect(session.transport.name).toBe("polling");
  });

  it("is refused where upgrades are switched off", async () => {
    const { stage } = await upgradable({ allowUpgrades: false });
    const client = new WebSocket(`ws://127.0.0.1:${stage.port}/engine.io/?${QUERY}`);
    const [error] = await nextEvent(client, "error");

    expect(String(error)).toContain("400");
  });

  it("that asks for another transport than WebSocket is closed", async () => {
    const { stage, session } = await upgradable();
    const { client } = await openWebSocket(stage, "EIO=4&transport=polling&sid=first");
    await nextEvent(client, "close");

    expect(session.readyState).toBe("open");
    expect(session.attempt).toBeUndefined();
  });
});
