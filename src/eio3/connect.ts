import type { Query } from "../engineio/index.js";
import { createPacketReader, PacketType, SocketError } from "../socketio/index.js";
import type { Handshake, Packet, SocketLimits, SocketRevision } from "../socketio/index.js";

const MAIN = "/";

/**
 * Protocols 3 and 4: socket.io-client 1 and 2. They connect as follows; events and acknowledgements are those of 5.
 *
 * | client sends | server answers                                                               |
 * |--------------|------------------------------------------------------------------------------|
 * | nothing      | `40`: it is in "/", under the id of its connection                           |
 * | `40/a?t=1,`  | `40/a,`: it is in "/a", under the id `/a#<connection>`; the query is its auth |
 * | either       | `44"text"`: refused; the data of the refusal instead of its text, if any     |
 */
export const socketRevision4: SocketRevision = {
  engineProtocol: 3,
  joinsMainNamespace: true,
  recovers: false,
  createReader: (parser, limits, onPacket, host) => {
    const take = (packet: Packet): void => {
      if (isTooLong(packet.nsp, limits)) host.onBadPacket(badPacket("namespace name too long"));
      else if (!isWellEscaped(packet.nsp)) host.onBadPacket(badPacket("invalid payload"));
      else onPacket(modernize(packet));
    };
    return createPacketReader(parser, withQuery(limits), take, host);
  },
  createSocketId: (connectionId, namespace) => (namespace === MAIN ? connectionId : `${namespace}#${connectionId}`),
  completeHandshake: withConnectQuery,
  connectData: () => undefined,
  // Like socket.io: empty data counts as none.
  refusalData: ({ message, data }) => data || message,
};

/** The query stands in the namespace's place, so the reader has to let it pass. */
function withQuery(limits: SocketLimits): SocketLimits {
  return { ...limits, maxNamespaceLength: limits.maxNamespaceLength + limits.maxConnectQueryLength + 1 };
}

function isTooLong(target: string, { maxNamespaceLength, maxConnectQueryLength }: SocketLimits): boolean {
  const { length } = nameOf(target);
  return length > maxNamespaceLength || target.length - length - 1 > maxConnectQueryLength;
}

/** Whether the query is text: these clients escape all that is not ASCII, as UTF-8. */
function isWellEscaped(target: string): boolean {
  if (!target.includes("%")) return true;
  try {
    decodeURIComponent(target.slice(nameOf(target).length));
    return true;
  } catch {
    return false;
  }
}

function badPacket(detail: string): SocketError {
  return new SocketError("SOCKET_BAD_PACKET", { values: { detail } });
}

/** Takes the query out of the namespace and makes it what newer clients send as auth. */
function modernize(packet: Packet): Packet {
  const nsp = nameOf(packet.nsp);
  if (packet.type === PacketType.CONNECT) return { ...packet, nsp, data: parseQuery(packet.nsp.slice(nsp.length + 1)) };
  return nsp === packet.nsp ? packet : { ...packet, nsp };
}

function nameOf(target: string): string {
  const mark = target.indexOf("?");
  return mark === -1 ? target : target.slice(0, mark);
}

function parseQuery(text: string): Query {
  const query = emptyQuery();
  for (const [name, value] of new URLSearchParams(text)) query[name] = value;
  return query;
}

/** The query of a namespace goes before that of the connection. */
function withConnectQuery(handshake: Handshake): Handshake {
  return { ...handshake, query: Object.assign(emptyQuery(), handshake.query, handshake.auth) };
}

/** Without a prototype: names come from clients. */
function emptyQuery(): Query {
  return Object.create(null) as Query;
}
