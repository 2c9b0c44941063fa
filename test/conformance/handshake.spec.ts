import { itIsBetterHere } from "../support/better-here.js";
import { PollingSession, send } from "../support/raw-http.js";
import { RawWebSocket, refusedUpgrade } from "../support/raw-websocket.js";
import { useStages } from "../support/stage.js";

const POLLING = "EIO=4&transport=polling";
const WEBSOCKET = "EIO=4&transport=websocket";

const UNKNOWN_TRANSPORT = '{"code":0,"message":"Transport unknown"}';
const UNKNOWN_SESSION = '{"code":1,"message":"Session ID unknown"}';
const BAD_METHOD = '{"code":2,"message":"Bad handshake method"}';
const BAD_REQUEST = '{"code":3,"message":"Bad request"}';
const UNSUPPORTED_VERSION = '{"code":5,"message":"Unsupported protocol version"}';

const REFUSED: [what: string, method: string, query: string, body: string][] = [
  ["no query", "GET", "", UNKNOWN_TRANSPORT],
  ["no transport", "GET", "EIO=4", UNKNOWN_TRANSPORT],
  ["an unknown transport", "GET", "EIO=4&transport=carrier-pigeon", UNKNOWN_TRANSPORT],
  ["a transport named as every object's property", "GET", "EIO=4&transport=constructor", UNKNOWN_TRANSPORT],
  ["a transport named __proto__", "GET", "EIO=4&transport=__proto__", UNKNOWN_TRANSPORT],
  ["an unknown session", "GET", `${POLLING}&sid=unknown`, UNKNOWN_SESSION],
  ["an unknown session in a POST", "POST", `${POLLING}&sid=unknown`, UNKNOWN_SESSION],
  ["a session named __proto__", "GET", `${POLLING}&sid=__proto__`, UNKNOWN_SESSION],
  ["POST", "POST", POLLING, BAD_METHOD],
  ["PUT", "PUT", POLLING, BAD_METHOD],
  ["DELETE", "DELETE", POLLING, BAD_METHOD],
  ["OPTIONS", "OPTIONS", POLLING, BAD_METHOD],
  ["a WebSocket without an upgrade", "GET", WEBSOCKET, BAD_REQUEST],
  ["no protocol version", "GET", "transport=polling", UNSUPPORTED_VERSION],
  ["protocol version 3", "GET", "EIO=3&transport=polling", UNSUPPORTED_VERSION],
  ["protocol version 5", "GET", "EIO=5&transport=polling", UNSUPPORTED_VERSION],
  ["a protocol version that is no number", "GET", "EIO=abc&transport=polling", UNSUPPORTED_VERSION],
];

const REFUSED_UPGRADES: [what: string, query: string, body: string][] = [
  ["no transport", "EIO=4", "Transport unknown"],
  ["an unknown transport", "EIO=4&transport=carrier-pigeon", "Transport unknown"],
  ["an unknown session", `${WEBSOCKET}&sid=unknown`, "Session ID unknown"],
];

const open = useStages();

describe("the Engine.IO handshake over polling", () => {
  it("is answered with an open packet", async () => {
    const { status, headers, body } = await send(await open(), POLLING);

    expect(status).toBe(200);
    expect(headers["content-type"]).toBe("text/plain; charset=UTF-8");
    expect(body).toMatch(
      /^0\{"sid":"[\w-]{20}","upgrades":\["websocket"\],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000\}$/,
    );
  });

  it("announces the options", async () => {
    const stage = await open({ pingInterval: 300, pingTimeout: 200, maxHttpBufferSize: 1234 });
    const { body } = await send(stage, POLLING);

    expect(JSON.parse(body.slice(1))).toMatchObject({ pingInterval: 300, pingTimeout: 200, maxPayload: 1234 });
  });

  it.each([[{ allowUpgrades: false }], [{ transports: ["polling" as const] }]])(
    "announces no upgrade with %j",
    async (options) => {
      const { body } = await send(await open(options), POLLING);

      expect(JSON.parse(body.slice(1))).toMatchObject({ upgrades: [] });
    },
  );

  it("gives every session an id of its own", async () => {
    const stage = await open();
    const sessions = await Promise.all(Array.from({ length: 20 }, () => PollingSession.open(stage)));

    expect(new Set(sessions.map(({ sid }) => sid)).size).toBe(20);
  });

  it.each(REFUSED)("is refused with %s", async (_what, method, query, body) => {
    const reply = await send(await open(), query, { method });

    expect(reply.status).toBe(400);
    expect(reply.headers["content-type"]).toBe("application/json");
    expect(reply.body).toBe(body);
  });

  it("is refused when the server does not poll", async () => {
    const { status, body } = await send(await open({ transports: ["websocket"] }), POLLING);

    expect([status, body]).toEqual([400, UNKNOWN_TRANSPORT]);
  });

  it("takes the last of several equal parameters", async () => {
    const { status } = await send(await open(), "EIO=3&EIO=4&transport=websocket&transport=polling");

    expect(status).toBe(200);
  });

  it("leaves requests for other paths to the application", async () => {
    const stage = await open();
    stage.http.on("request", (request, response) => {
      if (request.url === "/hello") response.end("application");
    });
    const response = await fetch(`${stage.url}/hello`);

    expect(await response.text()).toBe("application");
  });
});

describe("the Engine.IO handshake over WebSocket", () => {
  it("is answered with an open packet", async () => {
    const socket = await RawWebSocket.open(await open());

    expect(await socket.next()).toMatch(
      /^0\{"sid":"[\w-]{20}","upgrades":\[\],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000\}$/,
    );
  });

  it.each(REFUSED_UPGRADES)("is refused with %s", async (_what, query, body) => {
    expect(await refusedUpgrade(await open(), query)).toEqual({ status: 400, body });
  });

  it("is refused when the server has no WebSocket", async () => {
    const { status, body } = await refusedUpgrade(await open({ transports: ["polling"] }), WEBSOCKET);

    expect(status).toBe(400);
    expect(body).toContain("Transport unknown");
  });

  itIsBetterHere("refuses an unsupported protocol version before it upgrades", async () => {
    const reply = await refusedUpgrade(await open(), "EIO=3&transport=websocket");

    expect(reply).toEqual({ status: 400, body: "Unsupported protocol version" });
  });
});
