import { setImmediate as nextTurn } from "node:timers/promises";
import { ConnectionLimits } from "../../src/engineio/connection-limits.js";
import { askApplication, checkRequest, type HandshakeRules } from "../../src/engineio/handshake.js";
import type { Refusal } from "../../src/engineio/http/refusal.js";
import { revision4, type EngineOptions, type EngineSocket } from "../../src/engineio/index.js";
import { resolveEngineOptions } from "../../src/engineio/options.js";
import { openSession } from "../support/engine-session.js";
import { httpRequest } from "../support/http-request.js";
import { RecordingLogger } from "../support/recording-logger.js";

const sessions = new Map<string, EngineSocket>([
  ["polls", openSession({}, "polling").socket],
  ["streams", openSession({}, "websocket").socket],
]);

function rules(options: EngineOptions = {}): HandshakeRules {
  const resolved = resolveEngineOptions(options);
  const limits = new ConnectionLimits(resolved, sessions);
  return { options: resolved, revisions: [revision4], sessions, limits, binding: undefined };
}

function check(query: string, method = "GET", options?: EngineOptions): Refusal | undefined {
  return checkRequest(httpRequest(`/engine.io/?${query}`, method), false, rules(options));
}

function checkUpgrade(query: string, options?: EngineOptions): Refusal | undefined {
  return checkRequest(httpRequest(`/engine.io/?${query}`), true, rules(options));
}

const badRequest = (context: object): Refusal => ({ kind: "BAD_REQUEST", context: context as Refusal["context"] });

describe("a handshake", () => {
  it.each(["EIO=4&transport=polling", "EIO=4&transport=polling&sid=", "transport=polling&EIO=3&EIO=4"])(
    "may go on by polling: %s",
    (query) => {
      expect(check(query)).toBeUndefined();
    },
  );

  it("may go on by an upgrade to WebSocket", () => {
    expect(checkUpgrade("EIO=4&transport=websocket")).toBeUndefined();
  });

  it.each(["pigeon", "constructor", "__proto__", "toString", "webtransport", "memory", ""])(
    "by the transport %j is refused",
    (transport) => {
      const refusal = { kind: "UNKNOWN_TRANSPORT", context: { transport } };

      expect(check(`EIO=4&transport=${transport}`)).toEqual(refusal);
      expect(checkUpgrade(`EIO=4&transport=${transport}`)).toEqual(refusal);
    },
  );

  it("without a query is refused", () => {
    expect(checkRequest(httpRequest("/engine.io/"), false, rules())).toEqual({
      kind: "UNKNOWN_TRANSPORT",
      context: { transport: undefined },
    });
  });

  it("by a transport that is switched off is refused", () => {
    expect(check("EIO=4&transport=polling", "GET", { transports: ["websocket"] })?.kind).toBe("UNKNOWN_TRANSPORT");
  });

  it.each(["POST", "PUT", "DELETE", "OPTIONS", "HEAD"])("by %s is refused", (method) => {
    expect(check("EIO=4&transport=polling", method)).toEqual({ kind: "BAD_HANDSHAKE_METHOD", context: { method } });
  });

  it("for WebSocket without an upgrade is refused", () => {
    expect(check("EIO=4&transport=websocket")).toEqual(badRequest({ name: "TRANSPORT_HANDSHAKE_ERROR" }));
  });

  it.each<[EIO: string, protocol: number | string]>([
    ["3", 3],
    ["5", 5],
    ["4.0", "4.0"],
    ["04", "04"],
    ["4 ", "4 "],
    ["", ""],
    ["4,4", "4,4"],
  ])("in revision %j is refused", (EIO, protocol) => {
    const refusal = { kind: "UNSUPPORTED_PROTOCOL_VERSION", context: { protocol } };

    expect(check(`EIO=${EIO}&transport=polling`)).toEqual(refusal);
    expect(checkUpgrade(`EIO=${EIO}&transport=websocket`)).toEqual(refusal);
  });

  it("in no revision is refused as in 3", () => {
    expect(check("transport=polling")).toEqual({ kind: "UNSUPPORTED_PROTOCOL_VERSION", context: { protocol: 3 } });
  });

  it.each(["https://a.example\u0000", "https://a.example\n", "https://é€.example"])(
    "from the origin %j is refused",
    (origin) => {
      const request = httpRequest("/engine.io/?EIO=4&transport=polling", "GET", { origin });

      expect(checkRequest(request, false, rules())).toEqual(badRequest({ name: "INVALID_ORIGIN", origin }));
    },
  );
});

describe("a request of a session", () => {
  it("may go on by its own transport", () => {
    expect(check("EIO=4&transport=polling&sid=polls")).toBeUndefined();
    expect(check("EIO=4&transport=polling&sid=polls", "POST")).toBeUndefined();
  });

  it("may go on as an upgrade", () => {
    expect(checkUpgrade("EIO=4&transport=websocket&sid=polls")).toBeUndefined();
  });

  it.each(["gone", "__proto__", "constructor", "x".repeat(10_000), "%00"])(
    "that does not exist is refused (%.20s)",
    (sid) => {
      const refusal = { kind: "UNKNOWN_SID", context: { sid: decodeURIComponent(sid) } };

      expect(check(`EIO=4&transport=polling&sid=${sid}`)).toEqual(refusal);
      expect(checkUpgrade(`EIO=4&transport=websocket&sid=${sid}`)).toEqual(refusal);
    },
  );

  it("by another transport is refused", () => {
    const mismatch = (transport: string, previousTransport: string): Refusal =>
      badRequest({ name: "TRANSPORT_MISMATCH", transport, previousTransport });

    expect(check("EIO=4&transport=websocket&sid=polls")).toEqual(mismatch("websocket", "polling"));
    expect(check("EIO=4&transport=polling&sid=streams")).toEqual(mismatch("polling", "websocket"));
  });

  it("over WebSocket is refused when it is a plain one", () => {
    expect(check("EIO=4&transport=websocket&sid=streams")).toEqual(badRequest({ name: "TRANSPORT_HANDSHAKE_ERROR" }));
  });

  it.each<[EIO: string, protocol: number | string]>([
    ["3", 3],
    ["5", 5],
    ["", ""],
  ])("in another revision is refused (%j)", (EIO, protocol) => {
    const refusal = badRequest({ name: "PROTOCOL_MISMATCH", protocol, previousProtocol: 4 });

    expect(check(`EIO=${EIO}&transport=polling&sid=polls`)).toEqual(refusal);
    expect(check(`EIO=${EIO}&transport=polling&sid=polls`, "POST")).toEqual(refusal);
    expect(checkUpgrade(`EIO=${EIO}&transport=websocket&sid=polls`)).toEqual(refusal);
  });

  it("as an upgrade is refused when upgrades are switched off", () => {
    expect(checkUpgrade("EIO=4&transport=websocket&sid=polls", { allowUpgrades: false })).toEqual(
      badRequest({ name: "UPGRADES_NOT_ALLOWED" }),
    );
  });
});

describe("askApplication", () => {
  const FORBIDDEN: Refusal = { kind: "FORBIDDEN", message: undefined, context: { message: "Forbidden" } };

  const ask = (
    allowRequest?: EngineOptions["allowRequest"],
  ): { answers: (Refusal | undefined)[]; log: RecordingLogger } => {
    const answers: (Refusal | undefined)[] = [];
    const log = new RecordingLogger();
    const options = resolveEngineOptions({ logger: log, ...(allowRequest && { allowRequest }) });
    askApplication(httpRequest("/"), options, (refusal) => answers.push(refusal));
    return { answers, log };
  };

  it("lets everyone pass when there is nobody to ask", () => {
    expect(ask().answers).toEqual([undefined]);
  });

  it("lets everyone pass when it is switched off", () => {
    const answers: unknown[] = [];
    const options = { ...resolveEngineOptions(), allowRequest: false as unknown as undefined };
    askApplication(httpRequest("/"), options, (refusal) => answers.push(refusal));

    expect(answers).toEqual([undefined]);
  });

  it.each<[what: string, error: string | null | undefined, allowed: boolean, refusal: Refusal | undefined]>([
    ["yes", null, true, undefined],
    ["no", null, false, FORBIDDEN],
    ["no, with an empty text", "", false, FORBIDDEN],
    [
      "no, and why",
      "out of service",
      false,
      { kind: "FORBIDDEN", message: "out of service", context: { message: "out of service" } },
    ],
  ])("takes %s", (_what, error, allowed, refusal) => {
    expect(ask((_request, reply) => reply(error, allowed)).answers).toEqual([refusal]);
  });

  it("takes an error that comes alone for a no", () => {
    const { answers } = ask((_request, reply) => (reply as (error: string) => void)("no"));

    expect(answers).toEqual([{ kind: "FORBIDDEN", message: "no", context: { message: "no" } }]);
  });

  it("takes the first answer only", () => {
    const { answers } = ask((_request, reply) => {
      reply(null, false);
      reply(null, true);
    });

    expect(answers).toEqual([FORBIDDEN]);
  });

  it("refuses when it throws, and logs why", () => {
    const { answers, log } = ask(() => {
      throw new TypeError("why");
    });

    expect(answers).toEqual([FORBIDDEN]);
    expect(log.errors).toEqual([new TypeError("why")]);
  });

  it("refuses when it rejects, and logs why", async () => {
    const { answers, log } = ask(() => Promise.reject(new TypeError("why")));
    await nextTurn();

    expect(answers).toEqual([FORBIDDEN]);
    expect(log.errors).toEqual([new TypeError("why")]);
  });

  it("keeps a yes when it throws afterwards, and logs why", () => {
    const { answers, log } = ask((_request, reply) => {
      reply(null, true);
      throw new TypeError("why");
    });

    expect(answers).toEqual([undefined]);
    expect(log.lines).toHaveLength(1);
  });
});
