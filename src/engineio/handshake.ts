import type { IncomingMessage } from "node:http";
import type { ConnectionLimits } from "./connection-limits.js";
import type { Refusal } from "./http/refusal.js";
import type { ResolvedEngineOptions } from "./options.js";
import { queryOf, type Query } from "./request.js";
import { revisionOf, type EngineRevision } from "./revision.js";
import type { SessionBinding } from "./session-binding.js";
import type { EngineSocket } from "./socket.js";
import { TRANSPORTS } from "./transports/registry.js";
import type { TransportName } from "./transports/transport.js";

export interface HandshakeRules {
  readonly options: ResolvedEngineOptions;
  readonly revisions: readonly EngineRevision[];
  readonly sessions: ReadonlyMap<string, EngineSocket>;
  readonly limits: ConnectionLimits;
  readonly binding: SessionBinding | undefined;
}

/**
 * Checks a request before anything is allocated for it: transport, then session or handshake, as engine.io orders it.
 *
 * @param isUpgrade - whether it asks for a WebSocket.
 * @returns why it is refused; undefined when it may go on (to `allowRequest`, when it is a handshake).
 */
export function checkRequest(request: IncomingMessage, isUpgrade: boolean, rules: HandshakeRules): Refusal | undefined {
  const { transport, sid } = queryOf(request);
  if (!isKnownTransport(transport, rules.options)) return { kind: "UNKNOWN_TRANSPORT", context: { transport } };
  if (hasForbiddenBytes(request.headers.origin)) {
    return badRequest({ name: "INVALID_ORIGIN", origin: request.headers.origin });
  }
  return sid === undefined || sid === ""
    ? checkHandshake(request, isUpgrade, rules)
    : checkSession(request, isUpgrade, rules);
}

function checkSession(request: IncomingMessage, isUpgrade: boolean, rules: HandshakeRules): Refusal | undefined {
  const query = queryOf(request);
  const { sid = "" } = query;
  const session = rules.sessions.get(sid);
  if (session === undefined) return rules.limits.refuseGuess() ?? { kind: "UNKNOWN_SID", context: { sid } };
  // As if there were none; its id stays a secret of whom it belongs to.
  if (rules.binding?.admits(session, request) === false) {
    return { kind: "UNKNOWN_SID", context: { name: "SESSION_BINDING" } };
  }
  const previousTransport = session.transport.name;
  if (!isUpgrade) {
    const refusal = checkPlainRequest(request, previousTransport);
    if (refusal !== undefined) return refusal;
  } else if (!rules.options.allowUpgrades && previousTransport === "polling") {
    return badRequest({ name: "UPGRADES_NOT_ALLOWED" });
  }
  if (revisionOf(query, rules.revisions)?.protocol !== session.protocol) {
    return badRequest({ name: "PROTOCOL_MISMATCH", protocol: protocolOf(query), previousProtocol: session.protocol });
  }
  return undefined;
}

function checkPlainRequest(request: IncomingMessage, previousTransport: TransportName): Refusal | undefined {
  const { method } = request;
  const { transport } = queryOf(request);
  if (previousTransport !== transport) return badRequest({ name: "TRANSPORT_MISMATCH", transport, previousTransport });
  // Only polling goes by requests.
  if (transport !== "polling") return badRequest({ name: "TRANSPORT_HANDSHAKE_ERROR" });
  if (method !== "GET" && method !== "POST") return badRequest({ name: "BAD_METHOD", method });
  return undefined;
}

function checkHandshake(request: IncomingMessage, isUpgrade: boolean, rules: HandshakeRules): Refusal | undefined {
  const { method } = request;
  const query = queryOf(request);
  const { transport } = query;
  if (method !== "GET") return { kind: "BAD_HANDSHAKE_METHOD", context: { method } };
  if (transport === "websocket" && !isUpgrade) return badRequest({ name: "TRANSPORT_HANDSHAKE_ERROR" });
  if (revisionOf(query, rules.revisions) === undefined) {
    return { kind: "UNSUPPORTED_PROTOCOL_VERSION", context: { protocol: protocolOf(query) } };
  }
  return undefined;
}

/** The number of the revision that is asked for, 3 by those that do not say; what is no number stays as it came. */
function protocolOf({ EIO = "3" }: Query): number | string {
  return /^\d$/.test(EIO) ? Number(EIO) : EIO;
}

function badRequest(context: Refusal["context"]): Refusal {
  return { kind: "BAD_REQUEST", context };
}

function isKnownTransport(name: string | undefined, options: ResolvedEngineOptions): name is TransportName {
  const isConfigured = (options.transports as (string | undefined)[]).includes(name);
  return isConfigured && TRANSPORTS.get(name ?? "")?.entrance !== "session";
}

/** Whether a header could not be written back into a response. */
function hasForbiddenBytes(header: string | undefined): boolean {
  return header !== undefined && /[^\t\x20-\x7e\x80-\xff]/.test(header);
}

/**
 * Asks the application. The first answer counts; a throw refuses.
 *
 * @param settled - told why the handshake is refused; undefined when it may go on.
 */
export function askApplication(
  request: IncomingMessage,
  { allowRequest, logger }: ResolvedEngineOptions,
  settled: (refusal: Refusal | undefined) => void,
): void {
  if (!allowRequest) {
    settled(undefined);
    return;
  }
  let answered = false;
  const answer = (error: unknown, allowed: boolean): void => {
    if (answered) return;
    answered = true;
    const message = typeof error === "string" && error !== "" ? error : undefined;
    settled(allowed ? undefined : { kind: "FORBIDDEN", message, context: { message: message ?? "Forbidden" } });
  };
  const fail = (error: unknown): void => {
    logger.error("allowRequest threw; the request is refused", { error });
    answer(undefined, false);
  };
  try {
    // An async function fails later than a plain one.
    Promise.resolve(allowRequest(request, answer)).catch(fail);
  } catch (error) {
    fail(error);
  }
}
