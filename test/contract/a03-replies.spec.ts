import { connect as connectTcp } from "node:net";
import { silentLogger } from "rookery/core";
import { itIsBetterHere } from "../support/better-here.js";
import type { ServerOptions } from "../support/peer.js";
import { PollingSession, send, type RawRequest, type Reply } from "../support/raw-http.js";
import { RawWebSocket, refusedUpgrade } from "../support/raw-websocket.js";
import { useStages, type Stage } from "../support/stage.js";
import { nextEvent, until, within } from "../support/waiting.js";

const HANDSHAKE = "EIO=4&transport=polling";
const JSON_TYPE = "application/json";
const BYTES = "application/octet-stream";

const open = useStages();
const openSilent = (options?: Partial<ServerOptions>): Promise<Stage> => open({ logger: silentLogger, ...options });

/** A reply and the `connection_error` that goes with it. */
async function refused(stage: Stage, query: string, raw?: RawRequest): Promise<{ reply: Reply; error: unknown }> {
  const told = nextEvent(stage.io.engine, "connection_error");
  const reply = await send(stage, query, raw);
  const [{ code, context }] = (await told) as [{ code: number; context: unknown }];
  return { reply, error: { code, context } };
}

function expectRefusal(reply: Reply, status: number, body: string): void {
  expect(reply.status).toBe(status);
  expect(reply.headers["content-type"]).toBe(JSON_TYPE);
  expect(reply.body).toBe(body);
}

const TEXTS = [
  "Transport unknown",
  "Session ID unknown",
  "Bad handshake method",
  "Bad request",
  "Forbidden",
  "Unsupported protocol version",
];

interface Refusal {
  readonly row: string;
  readonly query: string;
  readonly method?: string;
  readonly options?: Partial<ServerOptions>;
  readonly code: number;
  readonly context: object;
}

const REFUSALS: readonly Refusal[] = [
  { row: "no query", query: "", code: 0, context: { transport: undefined } },
  ...["pigeon", "constructor", "__proto__", "webtransport"].map((transport) => ({
    row: `unknown transport: ${transport}`,
    query: `EIO=4&transport=${transport}`,
    code: 0,
    context: { transport },
  })),
  ...["unknown", "__proto__"].map((sid) => ({
    row: `unknown sid: ${sid}`,
    query: `${HANDSHAKE}&sid=${sid}`,
    code: 1,
    context: { sid },
  })),
  ...["POST", "OPTIONS", "PUT"].map((method) => ({
    row: `POST, OPTIONS (cors off), PUT… without sid: ${method}`,
    query: HANDSHAKE,
    method,
    code: 2,
    context: { method },
  })),
  {
    row: "`transport=websocket` plain GET",
    query: "EIO=4&transport=websocket",
    code: 3,
    context: { name: "TRANSPORT_HANDSHAKE_ERROR" },
  },
  ...["2", "3", "5"].map((protocol) => ({
    row: `EIO missing, 3 (not allowed), 5: ${protocol}`,
    query: `EIO=${protocol}&transport=polling`,
    code: 5,
    context: { protocol: Number(protocol) },
  })),
];

describe("refusals", () => {
  it.each(REFUSALS)("$row: $code", async ({ query, method, options, code, context }) => {
    const { reply, error } = await refused(await openSilent(options), query, method === undefined ? {} : { method });

    expectRefusal(reply, 400, JSON.stringify({ code, message: TEXTS[code] }));
    if (code !== 5) expect(error).toEqual({ code, context });
    else expect(error).toMatchObject({ code });
  });

  it("EIO missing, 3 (not allowed), 5: none at all", async () => {
    const { reply } = await refused(await openSilent(), "transport=polling");

    expectRefusal(reply, 400, '{"code":5,"message":"Unsupported protocol version"}');
  });

  it("session exists with another transport: 3", async () => {
    const stage = await openSilent();
    const { sid } = await PollingSession.open(stage);
    const { reply, error } = await refused(stage, `EIO=4&transport=websocket&sid=${sid}`);

    expectRefusal(reply, 400, '{"code":3,"message":"Bad request"}');
    expect(error).toEqual({
      code: 3,
      context: { name: "TRANSPORT_MISMATCH", transport: "websocket", previousTransport: "polling" },
    });
  });

  it("session exists with another EIO: 3", async () => {
    const stage = await openSilent({ allowEIO3: true });
    const { sid } = await PollingSession.open(stage);
    const { reply, error } = await refused(stage, `EIO=3&transport=polling&sid=${sid}`);

    expectRefusal(reply, 400, '{"code":3,"message":"Bad request"}');
    expect(error).toMatchObject({ code: 3, context: { name: "PROTOCOL_MISMATCH", previousProtocol: 4 } });
  });

  it("invalid char in Origin: node's own parser answers with a bare 400", async () => {
    const stage = await openSilent();
    const answer = await exchange(stage, `GET /socket.io/?${HANDSHAKE} HTTP/1.1\r\nHost: a\r\nOrigin: \u0001\r\n\r\n`);

    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  });

  it("`generateId` failed / engine middleware error: ID_GENERATION_ERROR", async () => {
    const stage = await openSilent();
    stage.io.engine.generateId = () => {
      throw new TypeError("mishap");
    };
    const { reply, error } = await refused(stage, HANDSHAKE);

    expectRefusal(reply, 400, '{"code":3,"message":"Bad request"}');
    expect(error).toMatchObject({ code: 3, context: { name: "ID_GENERATION_ERROR" } });
  });

  it("`generateId` failed / engine middleware error: MIDDLEWARE_FAILURE", async () => {
    const stage = await openSilent();
    stage.io.engine.use((_request: unknown, _response: unknown, next: (error: unknown) => void) => {
      next(new TypeError("mishap"));
    });
    const { reply, error } = await refused(stage, HANDSHAKE);

    expectRefusal(reply, 400, '{"code":3,"message":"Bad request"}');
    expect(error).toMatchObject({ code: 3, context: { name: "MIDDLEWARE_FAILURE" } });
  });

  it.each<[text: string | null, message: string]>([
    [null, "Forbidden"],
    ["not today", "not today"],
  ])("`allowRequest` refuses: with %j", async (text, message) => {
    const stage = await openSilent({
      allowRequest: (_request, reply) => {
        reply(text, false);
      },
    });
    const { reply, error } = await refused(stage, HANDSHAKE);

    expectRefusal(reply, 403, JSON.stringify({ code: 4, message }));
    expect(error).toMatchObject({ code: 4 });
  });

  it("Upgrade with any verification error (incl. forbidden): a raw 400 with the plain message", async () => {
    const stage = await openSilent({
      allowRequest: (_request, reply) => {
        reply("not today", false);
      },
    });
    const head = upgradeHead("EIO=4&transport=websocket", "Sec-WebSocket-Version: 13");

    expect(await exchange(stage, head)).toMatch(
      /^HTTP\/1\.1 400 Bad Request\r\nConnection: close\r\nContent-type: text\/html\r\nContent-Length: 9\r\n\r\nnot today$/i,
    );
  });

  itIsBetterHere("WS with EIO=3 not allowed: is refused before the upgrade", async () => {
    expect(await refusedUpgrade(await openSilent(), "EIO=3&transport=websocket")).toEqual({
      status: 400,
      body: "Unsupported protocol version",
    });
  });

  it("WS bad `Sec-WebSocket-Version`: 400 that names the good ones", async () => {
    const answer = await exchange(
      await openSilent(),
      upgradeHead("EIO=4&transport=websocket", "Sec-WebSocket-Version: 5"),
    );

    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(answer).toMatch(/\r\nSec-WebSocket-Version: 13, 8\r\n/);
    expect(answer).toMatch(/Missing or invalid Sec-WebSocket-Version header$/);
  });

  it.each(["", "Sec-WebSocket-Key: short"])("WS no/bad key: %j is 400", async (key) => {
    const head = upgradeHead("EIO=4&transport=websocket", "Sec-WebSocket-Version: 13").replace(
      /Sec-WebSocket-Key.*\r\n/,
      key === "" ? "" : `${key}\r\n`,
    );

    expect(await exchange(await openSilent(), head)).toMatch(/Missing or invalid Sec-WebSocket-Key header$/);
  });

  it("WS upgrade on a foreign path: is ended without a byte", async () => {
    const stage = await openSilent({ destroyUpgradeTimeout: 5 });
    const head = upgradeHead("", "Sec-WebSocket-Version: 13").replace("/socket.io/", "/elsewhere/");

    expect(await exchange(stage, head)).toBe("");
  });

  it("upgrade request with `transport=polling`: 101, then closed at once", async () => {
    const client = await RawWebSocket.open(await openSilent(), HANDSHAKE);

    expect(await client.closeCode()).toBe(1005);
    expect(client.untaken).toEqual([]);
  });
});

describe("sessions by polling", () => {
  it("Handshake EIO4 polling", async () => {
    const { status, headers, body } = await send(await open(), HANDSHAKE);

    expect([status, headers["content-type"]]).toEqual([200, "text/plain; charset=UTF-8"]);
    expect(body).toMatch(
      /^0\{"sid":"[\w-]{20}","upgrades":\["websocket"\],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000\}$/,
    );
  });

  it("Handshake EIO3 polling: length-prefixed text", async () => {
    const { status, headers, body } = await send(await open({ allowEIO3: true }), "EIO=3&transport=polling&b64=1");
    const [, length, rest] = /^(\d+):(0\{.*)$/s.exec(body.slice(0, body.indexOf("}") + 1)) ?? [];

    expect([status, headers["content-type"]]).toEqual([200, "text/plain; charset=UTF-8"]);
    expect(rest).toHaveLength(Number(length));
  });

  it("Handshake EIO3 polling: a client that takes bytes gets them once there are some", async () => {
    const stage = await open({ allowEIO3: true });
    const handshake = await send(stage, "EIO=3&transport=polling");
    const [, sid = ""] = /"sid":"([\w-]+)"/.exec(handshake.body) ?? [];
    await until(() => stage.io.sockets.sockets.size === 1, "the client is in the main namespace");
    stage.io.emit("b", Buffer.from([1]));
    const { headers } = await send(stage, `EIO=3&transport=polling&sid=${sid}`);

    expect(headers["content-type"]).toBe("application/octet-stream");
  });

  it("Poll: packets joined by a separator, not to be stored", async () => {
    const stage = await open();
    const session = await PollingSession.join(stage);
    stage.io.emit("a");
    stage.io.emit("b");
    const { status, headers, body } = await session.poll();

    expect(status).toBe(200);
    expect(headers).toMatchObject({ "content-type": "text/plain; charset=UTF-8", "cache-control": "no-store" });
    expect(body).toBe('42["a"]\x1e42["b"]');
  });

  it("POST ok", async () => {
    const session = await PollingSession.join(await open());
    const { status, headers, body } = await session.post('42["a"]');

    expect([status, headers["content-type"], headers["content-length"], body]).toEqual([200, "text/html", "2", "ok"]);
  });

  it("POST too large: 413, and the session stays", async () => {
    const stage = await openSilent({ maxHttpBufferSize: 100 });
    const session = await PollingSession.join(stage);
    const { status, body } = await session.post("4".repeat(101));
    stage.io.emit("still here");

    expect([status, body]).toEqual([413, ""]);
    expect((await session.poll()).body).toBe('42["still here"]');
  });

  it("POST `application/octet-stream` on EIO4: 400, and the session is closed", async () => {
    const session = await PollingSession.join(await openSilent());
    const { status, body } = await session.post(Buffer.from([4]), BYTES);

    expect([status, body]).toEqual([400, ""]);
    expect(await session.isGone()).toBe(true);
  });

  it.each<[what: string, body: string, reason: string]>([
    ["junk", "junk", "parse error"],
    ["an empty body", "", "parse error"],
    ["a ping in wrong direction", "2", "transport error"],
  ])(
    "POST junk, empty body, ping in wrong direction: %s is answered with ok, and ends the session",
    async (_what, body, reason) => {
      const stage = await openSilent();
      const session = await PollingSession.open(stage);
      const [conn] = Object.values(stage.io.engine.clients);
      const closed = nextEvent(conn as never, "close");
      const reply = await session.post(body);

      expect([reply.status, reply.headers["content-type"], reply.body]).toEqual([200, "text/html", "ok"]);
      expect((await closed)[0]).toBe(reason);
      expect(await session.isGone()).toBe(true);
    },
  );

  it("second concurrent GET: 400, the first gets a close, and the session is closed", async () => {
    const stage = await openSilent();
    const session = await PollingSession.join(stage);
    const arrived = nextEvent(stage.http, "request");
    const first = session.poll();
    await arrived;
    const second = await session.poll();
    const { status, body } = await first;

    expect([second.status, second.body]).toEqual([400, ""]);
    expect([status, body]).toEqual([200, "1"]);
    expect(await session.isGone()).toBe(true);
  });

  for (const method of ["PUT", "OPTIONS", "DELETE"] as const) {
    itIsBetterHere(`PUT/OPTIONS/DELETE with a sid: ${method} is the client's mistake`, async () => {
      const stage = await openSilent();
      const session = await PollingSession.join(stage);
      const { status } = await send(stage, session.query, { method });

      expect(status).toBe(400);
    });
  }

  it("duplicate query keys: the last one wins", async () => {
    const stage = await openSilent();

    expect((await send(stage, "EIO=4&transport=pigeon&transport=polling")).status).toBe(200);
    expect((await send(stage, "EIO=4&transport=polling&transport=pigeon")).status).toBe(400);
  });

  it("JSONP (`j=<n>`): a call of ___eio with the digits", async () => {
    const stage = await open({ allowEIO3: true });
    const { status, body } = await send(stage, "EIO=3&transport=polling&j=1x2");

    expect(status).toBe(200);
    expect(body).toMatch(/^___eio\[12\]\("\d+:0\{\\"sid\\":/);
  });

  itIsBetterHere("JSONP (`j=<n>`): is a script that no browser takes for anything else", async () => {
    const { headers } = await send(await open({ allowEIO3: true }), "EIO=3&transport=polling&j=0");

    expect(headers).toMatchObject({
      "content-type": "text/javascript; charset=UTF-8",
      "x-content-type-options": "nosniff",
    });
  });

  it("JSONP (`j=<n>`): on Engine.IO 4 where allowJSONP says so", async () => {
    const stage = await open({ allowJSONP: true });

    expect((await send(stage, `${HANDSHAKE}&j=0`)).body).toMatch(/^___eio\[0\]\("0\{\\"sid\\":/);
  });

  itIsBetterHere("JSONP (`j=<n>`): on Engine.IO 4 is off", async () => {
    expect((await send(await open(), `${HANDSHAKE}&j=0`)).body).toMatch(/^0\{"sid":/);
  });

  it("CORS preflight: 204 without a body", async () => {
    const { status, headers, body } = await send(await open({ cors: { origin: "https://a.example" } }), HANDSHAKE, {
      method: "OPTIONS",
      headers: { origin: "https://a.example", "access-control-request-method": "POST" },
    });

    expect([status, body, headers["content-length"]]).toEqual([204, "", "0"]);
    expect(headers["access-control-allow-origin"]).toBe("https://a.example");
  });
});

function upgradeHead(query: string, ...lines: string[]): string {
  return [
    `GET /socket.io/?${query} HTTP/1.1`,
    "Host: 127.0.0.1",
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ...lines,
    "\r\n",
  ].join("\r\n");
}

/** All that comes back until the server closes. */
async function exchange(stage: Stage, bytes: string): Promise<string> {
  const socket = connectTcp(stage.port, "127.0.0.1").on("error", () => undefined);
  stage.onClose(() => socket.destroy());
  let received = "";
  socket.on("data", (chunk: Buffer) => (received += chunk.toString("latin1")));
  socket.write(bytes);
  await within(new Promise((resolve) => socket.once("close", resolve)), "the end of the connection");
  return received;
}
