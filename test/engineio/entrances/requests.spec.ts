import { setImmediate as nextTurn } from "node:timers/promises";
import { EngineServer, type EngineOptions } from "../../../src/engineio/index.js";
import { closeHttpAfterEach } from "../../support/http.js";
import { listenWith, type ListeningEngine } from "../../support/listening-engine.js";
import { deferred, until } from "../../support/waiting.js";

closeHttpAfterEach();

const POLLING = "/engine.io/?EIO=4&transport=polling";

let engine: ListeningEngine["engine"];
let stage: ListeningEngine["stage"];
let clock: ListeningEngine["clock"];
let errors: ListeningEngine["errors"];

async function listen(options: EngineOptions = {}): Promise<void> {
  ({ engine, stage, clock, errors } = await listenWith(options));
  engine.generateId = () => "sid";
}

describe("the option cookie", () => {
  it("adds the session's id to the answer to its handshake, and to no other", async () => {
    await listen({ cookie: true });
    const first = await stage.send(POLLING);
    const second = await stage.send(`${POLLING}&sid=sid`, { method: "POST", body: "4a" });

    expect(first.headers["set-cookie"]).toEqual(["io=sid; Path=/; HttpOnly; SameSite=Lax"]);
    expect(second.headers["set-cookie"]).toBeUndefined();
  });

  it("stands beside cookies of middlewares, and where listeners can change it", async () => {
    await listen({ cookie: { name: "lb" } });
    engine.use((_request, response, next) => {
      response.setHeader("Set-Cookie", "session=1");
      next();
    });
    const seen: unknown[] = [];
    engine.on("initial_headers", (headers: Record<string, unknown>) => seen.push(headers["Set-Cookie"]));
    const { headers } = await stage.send(POLLING);

    expect(headers["set-cookie"]).toEqual(["session=1", "lb=sid; Path=/; HttpOnly; SameSite=Lax"]);
    expect(seen).toEqual([headers["set-cookie"]]);
  });

  it.each<[what: string, options: EngineOptions, cookies: string[]]>([
    ["the engine's", { cookie: { name: "lb" }, cors: { origin: "*" } }, ["session=1", "lb=sid", "added=1"]],
    ["a middleware's", {}, ["session=1", "added=1"]],
  ])("is not lost, nor %s, when a listener adds another in small letters", async (_what, options, cookies) => {
    await listen(options);
    engine.use((_request, response, next) => {
      response.setHeader("Set-Cookie", "session=1");
      next();
    });
    engine.on("initial_headers", (headers: Record<string, unknown>) => (headers["set-cookie"] = "added=1"));
    const { headers } = await stage.send(POLLING);

    expect(headers["set-cookie"]?.map((cookie) => cookie.split(";")[0])).toEqual(cookies);
  });

  it("is refused at the start when it is none", () => {
    expect(() => new EngineServer({ cookie: { name: "a;b" } })).toThrow("option cookie is unusable");
  });
});

describe("a handshake by polling", () => {
  it("brings initialPacket with the open packet", async () => {
    await listen({ initialPacket: "welcome" });

    expect((await stage.send(POLLING)).body.split("\u001e")).toEqual([
      expect.stringMatching(/^0\{"sid":"sid",.+\}$/),
      "4welcome",
    ]);
  });

  it("brings nothing that the application sends at once: that is for the first poll", async () => {
    await listen();
    engine.on("connection", (socket: { send(data: string): void }) => {
      socket.send("early");
    });

    expect((await stage.send(POLLING)).body).not.toContain("early");
    expect((await stage.send(`${POLLING}&sid=sid`)).body).toBe("4early");
  });

  it("may wait for its id", async () => {
    await listen();
    engine.generateId = async () => {
      await nextTurn();
      return "later";
    };

    expect((await stage.send(POLLING)).body).toContain('"sid":"later"');
  });

  it.each([
    ["rejects", () => Promise.reject(new TypeError("why"))],
    ["gives nothing, later", () => Promise.resolve(undefined as unknown as string)],
    ["gives an id that is in use, later", () => Promise.resolve("taken")],
  ])("is refused with code 3 when generateId %s", async (_how, generateId) => {
    await listen();
    engine.generateId = () => "taken";
    await stage.send(POLLING);
    engine.generateId = generateId;

    expect(await stage.send(POLLING)).toMatchObject({ status: 400, body: '{"code":3,"message":"Bad request"}' });
    expect(errors).toMatchObject([{ code: 3, context: { name: "ID_GENERATION_ERROR" } }]);
    expect(engine.clientsCount).toBe(1);
  });

  it("is refused when its id was taken while another was waiting with it", async () => {
    await listen();
    engine.generateId = async () => {
      await nextTurn();
      return "same";
    };
    const replies = await Promise.all([stage.send(POLLING), stage.send(POLLING)]);

    expect(replies.map(({ status }) => status).sort()).toEqual([200, 400]);
    expect(engine.clientsCount).toBe(1);
  });

  it("is answered 503 when the application does not make up its mind; what it says later is not heard", async () => {
    const asked = deferred<(error: null, allowed: boolean) => void>();
    await listen({
      handshakeTimeout: 5_000,
      allowRequest: (_request, reply) => {
        asked.resolve(reply);
      },
    });
    const reply = stage.send(POLLING);
    const allow = await asked.promise;
    clock.advance(5_000);
    allow(null, true);

    expect(await reply).toMatchObject({ status: 503, body: '{"code":4,"message":"Forbidden"}' });
    expect(engine.clientsCount).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it("opens nothing when the client has left before the application says yes", async () => {
    const asked = deferred<(error: null, allowed: boolean) => void>();
    await listen({
      allowRequest: (_request, reply) => {
        asked.resolve(reply);
      },
    });
    const giveUp = new AbortController();
    const reply = stage.send(POLLING, { signal: giveUp.signal }).catch(() => "given up");
    const allow = await asked.promise;
    giveUp.abort();
    expect(await reply).toBe("given up");
    await until(() => stage.openConnections === 0, "the server knows");
    allow(null, true);

    expect(engine.clientsCount).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it.each([
    ["answers", 200],
    ["answers and goes on", 200],
  ])("is left to a middleware that %s", async (how, status) => {
    await listen();
    engine.use((_request, response, next) => {
      response.end("mine");
      if (how === "answers and goes on") next();
    });

    expect(await stage.send(POLLING)).toMatchObject({ status, body: "mine" });
    expect(engine.clientsCount).toBe(0);
  });

  it("is answered 503 by an engine that is closed, and as before by one that was reopened", async () => {
    await listen();
    engine.close();
    expect(await stage.send(POLLING)).toMatchObject({ status: 503, body: '{"code":3,"message":"Bad request"}' });
    expect(errors).toMatchObject([{ context: { name: "SERVER_CLOSED" } }]);

    engine.reopen();
    expect((await stage.send(POLLING)).status).toBe(200);
  });
});

describe("a request of a session", () => {
  it.each(["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"])("by %s is refused, and the session stays", async (method) => {
    await listen();
    await stage.send(POLLING);
    const { status } = await stage.send(`${POLLING}&sid=sid`, { method });

    expect(status).toBe(400);
    expect(errors).toMatchObject([{ code: 3, context: { name: "BAD_METHOD", method } }]);
    expect(engine.clientsCount).toBe(1);
  });

  it("by OPTIONS is CORS's where that is set up", async () => {
    await listen({ cors: { origin: "https://a.example" } });
    await stage.send(POLLING);
    const { status } = await stage.send(`${POLLING}&sid=sid`, { method: "OPTIONS" });

    expect(status).toBe(204);
    expect(engine.clientsCount).toBe(1);
  });

  it("is compressed as httpCompression says", async () => {
    const headers = { "accept-encoding": "gzip" };
    for (const [httpCompression, encoding] of [
      [undefined, "gzip"],
      [{ threshold: 5_000 }, undefined],
      [false, undefined],
    ] as const) {
      await listen({ ...(httpCompression !== undefined && { httpCompression }) });
      await stage.send(POLLING);
      engine.clients.sid?.send("a".repeat(4_000));

      expect((await stage.send(`${POLLING}&sid=sid`, { headers })).headers["content-encoding"]).toBe(encoding);
    }
  });

  it("whose body is too slow by bodyTimeout and minBodyRate ends it", async () => {
    await listen({ bodyTimeout: 2_000, minBodyRate: 1 });
    await stage.send(POLLING);
    const { socket, received } = await stage.connect();
    socket.write(`POST ${POLLING}&sid=sid HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\n${"4".repeat(8_000)}`);
    const pingTimers = clock.pendingTimers;
    await until(() => clock.pendingTimers > pingTimers, "the body is being read");
    clock.advance(2_000);

    expect(await received).toContain("HTTP/1.1 408 ");
    expect(engine.clientsCount).toBe(0);
  });

  it("of more packets than maxPayloadPackets ends it", async () => {
    await listen({ maxPayloadPackets: 3 });
    await stage.send(POLLING);
    await stage.send(`${POLLING}&sid=sid`, { method: "POST", body: "6\u001e6\u001e6" });
    expect(engine.clientsCount).toBe(1);

    await stage.send(`${POLLING}&sid=sid`, { method: "POST", body: "6\u001e6\u001e6\u001e6" });
    expect(engine.clientsCount).toBe(0);
  });
});
