import type { IncomingMessage } from "node:http";
import type { Refusal } from "./http/refusal.js";
import type { ResolvedEngineOptions } from "./options.js";
import { queryOf } from "./request.js";
import type { EngineRevision } from "./revision.js";
import type { EngineSocket } from "./socket.js";
import type { TransportName } from "./transports/transport.js";

export interface HandshakeRules {
  readonly options: ResolvedEngineOptions;
  readonly revisions: ReadonlyMap<string, EngineRevision>;
  readonly sessions: ReadonlyMap<string, EngineSocket>;
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
    return { kind: "BAD_REQUEST", context: { name: "INVALID_ORIGIN", origin: request.headers.origin } };
  }
  return sid === undefined || sid === ""
    ? checkHandshake(request, isUpgrade, rules)
    : checkSession(request, isUpgrade, rules);
}

function checkSession(request: IncomingMessage, isUpgrade: boolean, rules: HandshakeRules): Refusal | undefined {
  const { sid = "", transport, EIO } = queryOf(request);
  const session = rules.sessions.get(sid);
  if (session === undefined) return { kind: "UNKNOWN_SID", context: { sid } };
  const previousTransport = session.transport.name;
  if (isUpgrade && !rules.options.allowUpgrades && previousTransport === "polling") {
    return { kind: "BAD_REQUEST", context: { name: "UPGRADES_NOT_ALLOWED" } };
  }
  if (!isUpgrade && previousTransport !== transport) {
    return { kind: "BAD_REQUEST", context: { name: "TRANSPORT_MISMATCH", transport, previousTransport } };
  }
  // A WebSocket's session takes no plain requests.
  if (!isUpgrade && transport !== "polling") {
    return { kind: "BAD_REQUEST", context: { name: "TRANSPORT_HANDSHAKE_ERROR" } };
  }
  if (EIO !== String(session.protocol)) {
    const context = { name: "PROTOCOL_MISMATCH", protocol: EIO, previousProtocol: session.protocol };
    return { kind: "BAD_REQUEST", context };
  }
  return undefined;
}

function checkHandshake(request: IncomingMessage, isUpgrade: boolean, rules: HandshakeRules): Refusal | undefined {
  const { method } = request;
  const { transport, EIO } = queryOf(request);
  if (method !== "GET") return { kind: "BAD_HANDSHAKE_METHOD", context: { method } };
  if (transport === "websocket" && !isUpgrade) {
    return { kind: "BAD_REQUEST", context: { name: "TRANSPORT_HANDSHAKE_ERROR" } };
  }
  if (EIO === undefined || !rules.revisions.has(EIO)) {
    return { kind: "UNSUPPORTED_PROTOCOL_VERSION", context: { protocol: EIO } };
  }
  return undefined;
}

function isKnownTransport(name: string | undefined, options: ResolvedEngineOptions): name is TransportName {
  return name !== "webtransport" && (options.transports as (string | undefined)[]).includes(name);
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
  if (allowRequest === undefined) {
    settled(undefined);
    return;
  }
  let answered = false;
  const answer = (error: unknown, allowed: boolean): void => {
    if (answered) return;
    answered = true;
    const message = typeof error === "string" ? error : undefined;
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
