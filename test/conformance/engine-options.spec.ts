import { request, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { WebSocket } from "ws";
import { silentLogger, type ConnectionError } from "rookery/core";
import { itIsBetterHere } from "../support/better-here.js";
import { PollingSession, send } from "../support/raw-http.js";
import { requestUpgrade } from "../support/raw-upgrade.js";
import { RawWebSocket } from "../support/raw-websocket.js";
import { useStages, type Stage } from "../support/stage.js";
import { nextEvent } from "../support/waiting.js";
import type { ServerOptions } from "../support/peer.js";

const openStage = useStages();
const open = (options: Partial<ServerOptions> = {}): Promise<Stage> => openStage({ logger: silentLogger, ...options });

const POLLING = "EIO=4&transport=polling";
const WEBSOCKET = "EIO=4&transport=websocket";

/** The refusals that listeners of the engine are told of. */
function refusals(stage: Stage): ConnectionError[] {
  const errors: ConnectionError[] = [];
  stage.io.engine.on("connection_error", (error: ConnectionError) => errors.push(error));
  return errors;
}

async function upgrade(stage: Stage, query = WEBSOCKET, headers = {}): ReturnType<typeof requestUpgrade> {
  const reply = await requestUpgrade(stage.port, `/socket.io/?${query}`, { headers });
  stage.onClose(() => reply.socket.destroy());
  return reply;
}

describe("the option cookie", () => {
  it.each<[cookie: ServerOptions["cookie"], expected: RegExp]>([
    [true, /^io=([\w-]{20}); Path=\/; HttpOnly; SameSite=Lax$/],
    [{ name: "lb", path: "/chat" }, /^lb=([\w-]{20}); Path=\/chat; HttpOnly; SameSite=Lax$/],
    [{ path: false }, /^io=([\w-]{20}); HttpOnly; SameSite=Lax$/],
    [{ maxAge: 60, httpOnly: false, sameSite: "strict" }, /^io=([\w-]{20}); Max-Age=60; Path=\/; SameSite=Strict$/],
  ])("%j sets the cookie by the handshake", async (cookie, expected) => {
    const { headers, body } = await send(await open({ cookie }), POLLING);
    const [value = ""] = headers["set-cookie"] ?? [];

    expect(value).toMatch(expected);
    expect(body).toContain(`"sid":"${expected.exec(value)?.[1] ?? "?"}"`);
  });

  it("sets none when it is left out, and none later", async () => {
    expect((await send(await open(), POLLING)).headers["set-cookie"]).toBeUndefined();
    const session = await PollingSession.open(await open({ cookie: true }));

    expect((await session.post("40")).headers["set-cookie"]).toBeUndefined();
  });
});

describe("the option httpCompression", () => {
  const polled = async (stage: Stage, text: string, accepted: string): Promise<unknown> => {
    const session = await PollingSession.open(stage);
    stage.io.engine.clients[session.sid]?.send(text);
    const headers = { "accept-encoding": accepted };
    return (await send(stage, session.query, { headers })).headers["content-encoding"];
  };

  it.each([
    [1_023, "gzip", "gzip"],
    [1_022, "gzip", undefined],
    [2_000, "deflate", "deflate"],
    [2_000, "identity", undefined],
    [2_000, "br", undefined],
    [2_000, "gzip;q=0", undefined],
  ])("compresses a message of %d bytes for %j by %j", async (size, accepted, encoding) => {
    expect(await polled(await open(), "a".repeat(size), accepted)).toBe(encoding);
  });

  it("has a threshold and can be switched off", async () => {
    expect(await polled(await open({ httpCompression: { threshold: 10 } }), "a".repeat(20), "gzip")).toBe("gzip");
    expect(await polled(await open({ httpCompression: false }), "a".repeat(9_000), "gzip")).toBeUndefined();
  });

  it("keeps the message", async () => {
    const stage = await open();
    const session = await PollingSession.open(stage);
    stage.io.engine.clients[session.sid]?.send("é".repeat(2_000));
    const response = await fetch(`${stage.url}/socket.io/?${session.query}`, {
      headers: { "accept-encoding": "gzip" },
    });

    expect(await response.text()).toBe(`4${"é".repeat(2_000)}`);
  });
});

describe("the option perMessageDeflate", () => {
  const extensionsOf = async (options: Partial<ServerOptions>): Promise<string> => {
    const stage = await open(options);
    const client = new WebSocket(`ws://127.0.0.1:${stage.port}/socket.io/?${WEBSOCKET}`);
    stage.onClose(() => {
      client.terminate();
    });
    await nextEvent(client, "open");
    return client.extensions;
  };

  it("is off", async () => {
    expect(await extensionsOf({})).toBe("");
  });

  it.each([true, { threshold: 10 }])("is negotiated when it is %j", async (perMessageDeflate) => {
    expect(await extensionsOf({ perMessageDeflate })).toContain("permessage-deflate");
  });
});

describe("the option initialPacket", () => {
  it("is sent right after the open packet, over polling in the same response", async () => {
    const { body } = await send(await open({ initialPacket: "hello" }), POLLING);

    expect(body.split("\u001e")).toEqual([expect.stringMatching(/^0\{.+\}$/), "4hello"]);
  });

  it("is sent right after the open packet, over WebSocket", async () => {
    const client = await RawWebSocket.open(await open({ initialPacket: "hello" }));
    const [handshake, packet] = await client.take(2);

    expect(handshake).toMatch(/^0\{/);
    expect(packet).toBe("4hello");
  });
});

describe("listeners of connection_error", () => {
  it.each<[query: string, method: string, code: number, message: string, context: object]>([
    ["EIO=4&transport=pigeon", "GET", 0, "Transport unknown", { transport: "pigeon" }],
    ["EIO=4&transport=constructor", "GET", 0, "Transport unknown", { transport: "constructor" }],
    ["EIO=4&transport=webtransport", "GET", 0, "Transport unknown", { transport: "webtransport" }],
    [`${POLLING}&sid=gone`, "GET", 1, "Session ID unknown", { sid: "gone" }],
    [`${POLLING}&sid=__proto__`, "GET", 1, "Session ID unknown", { sid: "__proto__" }],
    [POLLING, "POST", 2, "Bad handshake method", { method: "POST" }],
    [POLLING, "HEAD", 2, "Bad handshake method", { method: "HEAD" }],
    [POLLING, "OPTIONS", 2, "Bad handshake method", { method: "OPTIONS" }],
    [WEBSOCKET, "GET", 3, "Bad request", { name: "TRANSPORT_HANDSHAKE_ERROR" }],
  ])("are told of %s by %s: %d", async (query, method, code, message, context) => {
    const stage = await open();
    const errors = refusals(stage);
    await send(stage, query, { method });

    expect(errors).toEqual([{ req: expect.anything(), code, message, context }]);
  });

  it("are told of another transport than the session's", async () => {
    const stage = await open();
    const errors = refusals(stage);
    const { sid } = await PollingSession.open(stage);
    await send(stage, `${WEBSOCKET}&sid=${sid}`);

    expect(errors).toMatchObject([
      { code: 3, context: { name: "TRANSPORT_MISMATCH", transport: "websocket", previousTransport: "polling" } },
    ]);
  });

  it("are told of another protocol version than the session's", async () => {
    const stage = await open({ allowEIO3: true });
    const errors = refusals(stage);
    const { query } = await PollingSession.open(stage);
    await send(stage, query.replace("EIO=4", "EIO=3"));

    expect(errors).toMatchObject([{ code: 3, context: { name: "PROTOCOL_MISMATCH", previousProtocol: 4 } }]);
  });

  it("are told of an unsupported protocol version", async () => {
    const stage = await open();
    const errors = refusals(stage);
    await send(stage, "EIO=3&transport=polling");

    expect(errors).toMatchObject([{ code: 5, message: "Unsupported protocol version" }]);
    expect(Number((errors[0]?.context as { protocol: unknown }).protocol)).toBe(3);
  });

  it("are told of refused upgrades", async () => {
    const stage = await open();
    const errors = refusals(stage);
    const { status, headers, body } = await upgrade(stage, "EIO=4&transport=pigeon");

    expect([status, body.toString()]).toEqual([400, "Transport unknown"]);
    expect(headers.map((line) => line.toLowerCase())).toEqual([
      "connection: close",
      "content-type: text/html",
      "content-length: 17",
    ]);
    expect(errors).toEqual([
      { req: expect.anything(), code: 0, message: "Transport unknown", context: { transport: "pigeon" } },
    ]);
  });
});

describe("the option allowRequest", () => {
  it("refuses with a text of its own, which the event has as context", async () => {
    const stage = await open({ allowRequest: (_request, reply) => reply("not today", false) });
    const errors = refusals(stage);
    const { status, headers, body } = await send(stage, POLLING);

    expect([status, headers["content-type"], body]).toEqual([
      403,
      "application/json",
      '{"code":4,"message":"not today"}',
    ]);
    expect(errors).toMatchObject([{ code: 4, message: "Forbidden", context: { message: "not today" } }]);
    expect(await upgrade(stage)).toMatchObject({ status: 400, body: Buffer.from("not today") });
  });

  it("refuses without one", async () => {
    const { status, body } = await send(await open({ allowRequest: (_request, reply) => reply(null, false) }), POLLING);

    expect([status, body]).toEqual([403, '{"code":4,"message":"Forbidden"}']);
  });

  itIsBetterHere("refuses when it throws", async () => {
    const stage = await open({
      allowRequest: () => {
        throw new TypeError("why");
      },
    });

    expect((await send(stage, POLLING)).status).toBe(403);
    expect((await upgrade(stage)).status).toBe(400);
  });
});

describe("io.engine.generateId", () => {
  it.each<[how: string, generateId: (request: unknown) => string | Promise<string>]>([
    ["an id", () => "custom"],
    ["the promise of one", () => Promise.resolve("custom")],
  ])("may give %s", async (_how, generateId) => {
    const stage = await open();
    stage.io.engine.generateId = generateId;
    expect((await send(stage, POLLING)).body).toContain('"sid":"custom"');
  });

  it("refuses with code 3 when it rejects", async () => {
    const stage = await open();
    const errors = refusals(stage);
    stage.io.engine.generateId = () => Promise.reject(new TypeError("why"));
    const { status, body } = await send(stage, POLLING);

    expect([status, body]).toEqual([400, '{"code":3,"message":"Bad request"}']);
    expect(errors).toMatchObject([
      { code: 3, context: { name: "ID_GENERATION_ERROR", error: expect.objectContaining({ message: "why" }) } },
    ]);
  });

  itIsBetterHere("does not open two sessions of one id", async () => {
    const stage = await open();
    stage.io.engine.generateId = () => "twice";
    await send(stage, POLLING);

    expect((await send(stage, POLLING)).status).toBe(400);
    expect(stage.io.engine.clientsCount).toBe(1);
  });

  itIsBetterHere("is refused before the upgrade when it rejects", async () => {
    const stage = await open();
    stage.io.engine.generateId = () => Promise.reject(new TypeError("why"));

    expect((await upgrade(stage)).status).toBe(400);
  });
});

describe("the engine's middlewares", () => {
  const addHeader = (_request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    response.setHeader("x-middleware", "yes");
    next();
  };

  it("run for requests and for upgrades", async () => {
    const stage = await open();
    stage.io.engine.use(addHeader);

    expect((await send(stage, POLLING)).headers["x-middleware"]).toBe("yes");
    expect((await upgrade(stage)).headers).toContain("x-middleware: yes");
  });

  it("refuse with code 3", async () => {
    const stage = await open();
    const errors = refusals(stage);
    stage.io.engine.use((_request, _response, next) => next(new TypeError("why")));

    expect(await send(stage, POLLING)).toMatchObject({ status: 400, body: '{"code":3,"message":"Bad request"}' });
    expect(await upgrade(stage)).toMatchObject({ status: 400, body: Buffer.from("Bad request") });
    expect(errors).toMatchObject([
      { code: 3, context: { name: "MIDDLEWARE_FAILURE" } },
      { code: 3, context: { name: "MIDDLEWARE_FAILURE" } },
    ]);
  });

  itIsBetterHere("may answer an upgrade by themselves", async () => {
    const stage = await open();
    stage.io.engine.use((_request, response) => {
      response.statusCode = 401;
      response.end("who are you?");
    });
    const { status, body } = await upgrade(stage);

    expect([status, body.toString()]).toEqual([401, "who are you?"]);
  });
});

describe("headers and initial_headers", () => {
  it("are for responses, the initial ones for the first", async () => {
    const stage = await open();
    stage.io.engine.on("initial_headers", (headers: Record<string, string>) => (headers["x-initial"] = "1"));
    stage.io.engine.on("headers", (headers: Record<string, string>) => (headers["x-every"] = "1"));
    const first = await send(stage, POLLING);
    const { sid } = JSON.parse(first.body.slice(1)) as { sid: string };
    const second = await send(stage, `${POLLING}&sid=${sid}`, { method: "POST", body: "40" });
    const webSocket = await upgrade(stage);

    expect([first.headers["x-initial"], first.headers["x-every"]]).toEqual(["1", "1"]);
    expect([second.headers["x-initial"], second.headers["x-every"]]).toEqual([undefined, "1"]);
    expect(webSocket.headers).toEqual(expect.arrayContaining(["x-initial: 1", "x-every: 1"]));
  });
});

describe("an upgrade", () => {
  it("that asks for polling is answered and closed", async () => {
    const client = await RawWebSocket.open(await open(), POLLING);

    expect(await client.closeCode()).toBe(1005);
  });

  it.each<[what: string, headers: Record<string, string | undefined>, text: string]>([
    ["another version", { "Sec-WebSocket-Version": "12" }, "Missing or invalid Sec-WebSocket-Version header"],
    ["no version", { "Sec-WebSocket-Version": undefined }, "Missing or invalid Sec-WebSocket-Version header"],
    ["no key", { "Sec-WebSocket-Key": undefined }, "Missing or invalid Sec-WebSocket-Key header"],
    ["a short key", { "Sec-WebSocket-Key": "c2hvcnQ=" }, "Missing or invalid Sec-WebSocket-Key header"],
    ["another protocol", { Upgrade: "h2c" }, "Invalid Upgrade header"],
    ["long lists", { "Sec-WebSocket-Protocol": "a,".repeat(6_000) }, "Invalid Sec-WebSocket-Protocol header"],
    ["long gaps", { "Sec-WebSocket-Protocol": `a${" ".repeat(10_000)}b` }, "Invalid Sec-WebSocket-Protocol header"],
  ])("with %s is refused, fast", async (_what, headers, expected) => {
    const stage = await open();
    const started = performance.now();
    const reply = await upgrade(stage, WEBSOCKET, headers);

    expect([reply.status, reply.body.toString()]).toEqual([400, expected]);
    expect(reply.headers.includes("Sec-WebSocket-Version: 13, 8")).toBe(expected.includes("Version"));
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it.each([
    ["of every object", "constructor"],
    ["of its prototype", "__proto__"],
    ["in hundreds", "permessage-deflate; ".repeat(500)],
    ["in open quotes", 'x="'],
  ])("with the name of an extension %s does the server no harm", async (_what, extensions) => {
    const stage = await open();
    const { status } = await upgrade(stage, WEBSOCKET, { "Sec-WebSocket-Extensions": extensions });

    expect([101, 400]).toContain(status);
    expect((await send(stage, POLLING)).status).toBe(200);
  });

  it("by POST is refused", async () => {
    const stage = await open();
    const reply = await requestUpgrade(stage.port, `/socket.io/?${WEBSOCKET}`, { method: "POST" });

    expect([reply.status, reply.body.toString()]).toEqual([400, "Bad handshake method"]);
  });

  itIsBetterHere("is refused where upgrades are switched off", async () => {
    const stage = await open({ allowUpgrades: false });
    const { sid } = await PollingSession.open(stage);

    expect((await upgrade(stage, `${WEBSOCKET}&sid=${sid}`)).status).toBe(400);
  });

  itIsBetterHere("of a page that CORS does not allow is refused", async () => {
    const stage = await open({ cors: { origin: ["https://a.example"] } });

    expect((await upgrade(stage, WEBSOCKET, { Origin: "https://evil.example" })).status).toBe(403);
    expect((await upgrade(stage, WEBSOCKET, { Origin: "https://a.example" })).status).toBe(101);
  });
});

describe("CORS", () => {
  const cors = { origin: ["https://a.example"], credentials: true };

  it.each([
    ["https://a.example", "https://a.example"],
    ["https://a.example.evil.example", undefined],
    ["https://A.example", undefined],
    ["https://a.example.", undefined],
    ["null", undefined],
  ])("grants %s %s", async (origin, granted) => {
    const { headers } = await send(await open({ cors }), POLLING, { headers: { origin } });

    expect(headers["access-control-allow-origin"]).toBe(granted);
  });

  it("answers a preflight, also of a session", async () => {
    const stage = await open({ cors });
    const { sid } = await PollingSession.open(stage);
    for (const query of [POLLING, `${POLLING}&sid=${sid}`]) {
      const { status, headers } = await send(stage, query, {
        method: "OPTIONS",
        headers: { origin: "https://a.example", "access-control-request-method": "POST" },
      });

      expect([status, headers["content-length"]]).toEqual([204, "0"]);
      expect(headers["access-control-allow-methods"]).toBe("GET,HEAD,PUT,PATCH,POST,DELETE");
    }
  });
});

describe("the path", () => {
  const bodyOf = async (stage: Stage, path: string): Promise<string> => {
    stage.http.on("request", (request, response) => {
      if (!response.writableEnded) response.end(`the app's ${String(request.url)}`);
    });
    const outgoing = request({ port: stage.port, host: "127.0.0.1", path, agent: false }).end();
    const [response] = (await nextEvent(outgoing, "response")) as [IncomingMessage];
    return text(response);
  };

  it.each(["/socket.io/", "/socket.io/foo", "/socket.io/../x", "/socket.io//", "/socket.io/%2e%2e/"])(
    "of %s is the server's",
    async (path) => {
      expect(await bodyOf(await open(), `${path}?EIO=4&transport=pigeon`)).toBe(
        '{"code":0,"message":"Transport unknown"}',
      );
    },
  );

  it.each(["/socket.io", "/Socket.io/", "/socket.iox/", "//socket.io/", "/app/socket.io/"])(
    "of %s is the app's",
    async (path) => {
      expect(await bodyOf(await open(), `${path}?EIO=4`)).toBe(`the app's ${path}?EIO=4`);
    },
  );

  it("may go without its trailing slash", async () => {
    const stage = await open({ addTrailingSlash: false });

    expect(await bodyOf(stage, "/socket.io?EIO=4&transport=pigeon")).toContain("Transport unknown");
  });
});
