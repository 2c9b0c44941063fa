import { setImmediate as nextTurn } from "node:timers/promises";
import { admit, type Admission } from "../../src/engineio/admission.js";
import { Deadlines } from "../../src/common/index.js";
import { ConnectionLimits } from "../../src/engineio/connection-limits.js";
import { revision4, type EngineOptions, type EngineSocket } from "../../src/engineio/index.js";
import { resolveEngineOptions } from "../../src/engineio/options.js";
import { httpRequest } from "../support/http-request.js";
import { ManualClock } from "../support/manual-clock.js";
import { openSession } from "../support/engine-session.js";
import { RecordingLogger } from "../support/recording-logger.js";

let clock: ManualClock;
let log: RecordingLogger;
let sessions: Map<string, EngineSocket>;
let generateId: () => unknown;

beforeEach(() => {
  clock = new ManualClock();
  log = new RecordingLogger();
  sessions = new Map([["open", openSession({}, "polling").socket]]);
  generateId = () => "new";
});

/** What is decided about a request, decision by decision. */
function decisions(query: string, options: EngineOptions = {}): Admission[] {
  const settled: Admission[] = [];
  const resolved = resolveEngineOptions({ logger: log, handshakeTimeout: 5_000, ...options });
  const rules = {
    options: resolved,
    limits: new ConnectionLimits(resolved, sessions),
    binding: undefined,
    deadlines: new Deadlines(clock),
    revisions: [revision4],
    sessions,
    generateId: () => generateId(),
  };
  admit(httpRequest(`/engine.io/?EIO=4&transport=polling${query}`), false, rules, (admission) =>
    settled.push(admission),
  );
  return settled;
}

describe("a request", () => {
  it("may open a session under the id that generateId makes", () => {
    expect(decisions("")).toEqual([{ id: "new" }]);
  });

  it("belongs to the session that it names", () => {
    expect(decisions("&sid=open")).toEqual([{ session: sessions.get("open") }]);
  });

  it("is refused when it breaks a rule, and nobody is asked", () => {
    const allowRequest = jest.fn();

    expect(decisions("&sid=gone", { allowRequest })).toEqual([
      { refusal: { kind: "UNKNOWN_SID", context: { sid: "gone" } } },
    ]);
    expect(allowRequest).not.toHaveBeenCalled();
  });

  it("is refused when the application refuses it, and costs no id", () => {
    const made = jest.fn();
    generateId = made;

    expect(decisions("", { allowRequest: (_request, reply) => reply(null, false) })).toMatchObject([
      { refusal: { kind: "FORBIDDEN" } },
    ]);
    expect(made).not.toHaveBeenCalled();
  });

  it.each([[undefined], [null], [""], ["open"], [7], [{}], [["new"]]])("is refused when its id is %j", (id) => {
    generateId = () => (typeof id === "string" ? id : Promise.resolve(id));
    const settled = decisions("");

    return nextTurn().then(() => {
      expect(settled).toMatchObject([{ refusal: { kind: "BAD_REQUEST", context: { name: "ID_GENERATION_ERROR" } } }]);
      expect(log.errors).toMatchObject([{ code: "ENGINE_DUPLICATE_ID" }]);
    });
  });

  it("waits for its id, with one timer that is gone then", async () => {
    generateId = async () => Promise.resolve("later");
    const settled = decisions("");
    expect(settled).toEqual([]);
    expect(clock.pendingTimers).toBe(1);
    await nextTurn();

    expect(settled).toEqual([{ id: "later" }]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("costs no timer when all answer at once", () => {
    decisions("", { allowRequest: (_request, reply) => reply(null, true) });

    expect(clock.pendingTimers).toBe(0);
  });

  it("is refused once when generateId or allowRequest takes longer than handshakeTimeout", async () => {
    let allow: (() => void) | undefined;
    const made = jest.fn(() => "late");
    generateId = made;
    const settled = decisions("", {
      allowRequest: (_request, reply) => {
        allow = () => {
          reply(null, true);
        };
      },
    });
    clock.advance(5_000);
    allow?.();
    await nextTurn();

    expect(settled).toEqual([{ refusal: { kind: "FORBIDDEN", status: 503, context: { name: "HANDSHAKE_TIMEOUT" } } }]);
    expect(made).not.toHaveBeenCalled();

    generateId = () => new Promise(() => undefined);
    const pending = decisions("");
    clock.advance(5_000);
    expect(pending).toMatchObject([{ refusal: { status: 503 } }]);
  });
});
