import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";
import type { AdmissionRules } from "../admission.js";
import type { Middleware } from "../http/middleware.js";
import type { Refusal } from "../http/refusal.js";
import type { EngineRequest } from "../request.js";
import type { Transport } from "../transports/transport.js";

/** What the entrances need of their server. */
export interface EntranceHost extends AdmissionRules {
  /** The engine has been closed, and its HTTP server does not listen again. */
  readonly isClosed: boolean;
  /** In the order in which they run. */
  readonly middlewares: readonly Middleware[];
  /** Whether the application has added middlewares, beside those that options stand for. */
  readonly hasOwnMiddlewares: boolean;
  /** Lets listeners of `initial_headers` and `headers` change a response's headers. */
  addHeaders(headers: OutgoingHttpHeaders, request: IncomingMessage): void;
  /**
   * Opens a session.
   *
   * @param begin - called when the handshake has been queued, before anyone hears of the session.
   * @returns whether that succeeded; a failure is logged, and the transport terminated.
   */
  open(id: string, transport: Transport, request: EngineRequest, begin?: () => void): boolean;
  /** Tells listeners of `connection_error`. */
  report(request: IncomingMessage, refusal: Refusal): void;
}

/** Refusals that do not depend on the request. */
export const SERVER_CLOSED: Refusal = {
  kind: "BAD_REQUEST",
  status: 503,
  retryAfterSeconds: 1,
  context: { name: "SERVER_CLOSED" },
};

export function middlewareFailure(error: unknown): Refusal {
  return { kind: "BAD_REQUEST", context: { name: "MIDDLEWARE_FAILURE", error } };
}
