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

/** The other end of a connection, as far as its engine knows it: not every engine is Rookery's. */
export interface HandshakePeer {
  readonly remoteAddress: string;
  readonly secure?: boolean | undefined;
}

/**
 * @param request - none of a connection that is not HTTP's, as of engine.io's WebTransport, which is always encrypted.
 * @param issuedMs - milliseconds since 1970.
 */
export function createHandshake(
  request: EngineRequest | null | undefined,
  peer: HandshakePeer,
  auth: Record<string, unknown>,
  issuedMs = Date.now(),
): Handshake {
  const origin = request ?? { headers: {}, socket: { encrypted: true } };
  return {
    headers: origin.headers,
    time: new Date(issuedMs).toString(),
    address: peer.remoteAddress,
    xdomain: origin.headers.origin !== undefined,
    secure: peer.secure ?? origin.socket.encrypted === true,
    issued: issuedMs,
    url: origin.url ?? "",
    query: queryOf(origin),
    auth,
  };
}
