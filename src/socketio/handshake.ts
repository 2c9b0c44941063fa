import type { IncomingHttpHeaders } from "node:http";
import { queryOf, type EngineRequest, type Query } from "../engineio/index.js";

/** Details of a connection at its beginning; plain data, so that adapters can send it to other servers. */
export interface Handshake {
  /** Headers of the request that opened the connection. */
  headers: IncomingHttpHeaders;
  /** Date and time as text. */
  time: string;
  /** Address of the peer, which may be a proxy. */
  address: string;
  /** Whether the request named an origin. */
  xdomain: boolean;
  /** Whether the connection is encrypted. */
  secure: boolean;
  /** Time as milliseconds since 1970. */
  issued: number;
  url: string;
  query: Query;
  /** What the client sent as `auth`; nothing of it is checked. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- socket.io's type; users read what they sent
  auth: Record<string, any>;
}

/** @param issuedMs - milliseconds since 1970. */
export function createHandshake(
  request: EngineRequest,
  address: string,
  auth: Record<string, unknown>,
  issuedMs = Date.now(),
): Handshake {
  return {
    headers: request.headers,
    time: new Date(issuedMs).toString(),
    address,
    xdomain: request.headers.origin !== undefined,
    secure: request.socket.encrypted === true,
    issued: issuedMs,
    url: request.url ?? "",
    query: queryOf(request),
    auth,
  };
}
