import type { IncomingMessage, ServerResponse } from "node:http";
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";

/** engine.io's error codes: clients and monitors know these numbers. */
export const REFUSALS = {
  UNKNOWN_TRANSPORT: { code: 0, message: "Transport unknown" },
  UNKNOWN_SID: { code: 1, message: "Session ID unknown" },
  BAD_HANDSHAKE_METHOD: { code: 2, message: "Bad handshake method" },
  BAD_REQUEST: { code: 3, message: "Bad request" },
  FORBIDDEN: { code: 4, message: "Forbidden" },
  UNSUPPORTED_PROTOCOL_VERSION: { code: 5, message: "Unsupported protocol version" },
} as const;

export type RefusalKind = keyof typeof REFUSALS;

/** Why a request is refused. */
export interface Refusal {
  readonly kind: RefusalKind;
  /** What the client is told instead of the kind's message (`allowRequest` may give its own). */
  readonly message?: string | undefined;
  /** Replaces the status that goes with the kind. */
  readonly status?: number;
  /** When the client may try again. */
  readonly retryAfterSeconds?: number;
  /** For the `connection_error` event; never sent. */
  readonly context: Readonly<Record<string, unknown>>;
}

/** What listeners of `connection_error` receive. */
export interface ConnectionError {
  readonly req: IncomingMessage;
  readonly code: number;
  readonly message: string;
  readonly context: Readonly<Record<string, unknown>>;
}

export function describeRefusal(req: IncomingMessage, refusal: Refusal): ConnectionError {
  return { req, ...REFUSALS[refusal.kind], context: refusal.context };
}

/** Answers an HTTP request: 403 for "Forbidden", else 400, with code and message as JSON. */
export function refuseRequest(response: ServerResponse, { kind, message, status, retryAfterSeconds }: Refusal): void {
  if (retryAfterSeconds !== undefined) response.setHeader("Retry-After", retryAfterSeconds);
  response.writeHead(status ?? (kind === "FORBIDDEN" ? 403 : 400), { "Content-Type": "application/json" });
  response.end(JSON.stringify({ ...REFUSALS[kind], ...(message !== undefined && { message }) }));
}

/** Answers an upgrade on the bare connection. Mostly 400: a WebSocket client sees no body anyway. */
export function refuseUpgrade(socket: Duplex, { kind, message, status = 400, retryAfterSeconds }: Refusal): void {
  const headers = retryAfterSeconds === undefined ? "" : `Retry-After: ${String(retryAfterSeconds)}\r\n`;
  writeRawReply(socket, { status, headers, body: message ?? REFUSALS[kind].message });
}

/** An HTTP reply; the lines of `headers` end with a line break each. */
interface RawReply {
  readonly status: number;
  readonly headers: string;
  readonly body: string;
}

/** Writes a whole HTTP reply to a connection that no ServerResponse serves, and closes it. */
function writeRawReply(socket: Duplex, { status, headers, body }: RawReply): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  socket.end(
    `HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ""}\r\nConnection: close\r\n${headers}Content-Type: text/html\r\n` +
      `Content-Length: ${String(Buffer.byteLength(body))}\r\n\r\n${body}`,
    // A server's sockets stay half open, for ever when the client does not close its half.
    () => socket.destroy(),
  );
}
