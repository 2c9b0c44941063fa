import type { IncomingMessage } from "node:http";
import type { Deadline, Deadlines } from "../common/index.js";
import { EngineError } from "./errors.js";
import { askApplication, checkRequest, type HandshakeRules } from "./handshake.js";
import type { Refusal } from "./http/refusal.js";
import { queryOf, type EngineRequest } from "./request.js";
import type { EngineSocket } from "./socket.js";

/** What becomes of a request: it is refused, it belongs to a session, or it may open one under this id. */
export type Admission = { readonly refusal: Refusal } | { readonly session: EngineSocket } | { readonly id: string };

export interface AdmissionRules extends HandshakeRules {
  readonly deadlines: Deadlines;
  /** User code: gives an id or the promise of one, or anything else. */
  readonly generateId: (request: EngineRequest) => unknown;
}

/**
 * Decides about a request.
 *
 * @param settled - called once: at once, or when the application has answered, after `handshakeTimeout` at the latest.
 */
export function admit(
  request: IncomingMessage,
  isUpgrade: boolean,
  rules: AdmissionRules,
  settled: (admission: Admission) => void,
): void {
  const refusal = checkRequest(request, isUpgrade, rules);
  const session = rules.sessions.get(queryOf(request).sid ?? "");
  if (refusal !== undefined) settled({ refusal });
  else if (session !== undefined) settled({ session });
  else admitNew(request, rules, settled);
}

/** Decides about a request that has passed all checks of its own: asks the application, and for an id. */
export function admitNew(request: EngineRequest, rules: AdmissionRules, settled: (admission: Admission) => void): void {
  const refusal = rules.limits.refuseHandshake(request);
  if (refusal !== undefined) {
    settled({ refusal });
    return;
  }
  const pending = new PendingAdmission(rules, settled);
  askApplication(request as IncomingMessage, rules.options, (refusal) => {
    if (refusal !== undefined) pending.settle({ refusal });
    else if (!pending.isSettled) identify(request, rules, pending);
  });
  pending.limitTime();
}

/** Whether a new session may have this id. */
export function isUsableId(id: unknown, sessions: HandshakeRules["sessions"]): id is string {
  return typeof id === "string" && id !== "" && !sessions.has(id);
}

const LATE: Refusal = { kind: "FORBIDDEN", status: 503, context: { name: "HANDSHAKE_TIMEOUT" } };

/** An admission that user code has a say in; the first word counts. */
class PendingAdmission {
  isSettled = false;
  readonly #rules: AdmissionRules;
  readonly #settled: (admission: Admission) => void;
  #deadline: Deadline | undefined;

  constructor(rules: AdmissionRules, settled: (admission: Admission) => void) {
    this.#rules = rules;
    this.#settled = settled;
  }

  /** Called last: most applications answer at once, which costs no timer. */
  limitTime(): void {
    if (this.isSettled) return;
    this.#deadline = this.#rules.deadlines.add(this.#rules.options.handshakeTimeout, () => {
      this.settle({ refusal: LATE });
    });
  }

  settle(admission: Admission): void {
    if (this.isSettled) return;
    this.isSettled = true;
    this.#deadline?.cancel();
    this.#settled(admission);
  }
}

function identify(
  request: EngineRequest,
  { generateId, options, sessions, limits }: AdmissionRules,
  to: PendingAdmission,
): void {
  const refuse = (error: unknown): void => {
    options.logger.error("a connection could not be opened", { error });
    to.settle({ refusal: { kind: "BAD_REQUEST", context: { name: "ID_GENERATION_ERROR", error } } });
  };
  const take = (id: unknown): void => {
    // Others may have come while the application was asked.
    const refusal = limits.refuseSession(request);
    if (refusal !== undefined) to.settle({ refusal });
    else if (isUsableId(id, sessions)) to.settle({ id });
    else refuse(new EngineError("ENGINE_DUPLICATE_ID"));
  };
  let id: unknown;
  try {
    id = generateId(request);
  } catch (error) {
    refuse(error);
    return;
  }
  if (typeof id === "string") take(id);
  else void Promise.resolve(id).then(take, refuse);
}
