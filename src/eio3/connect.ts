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
  createReader: (parser, limits, onPacket, host) =>
    createPacketReader(
      parser,
      withQuery(limits),
      (packet) => {
        onPacket(modernize(packet, limits));
      },
      host,
    ),
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

/** Takes the query out of the namespace and makes it what newer clients send as auth. */
function modernize(packet: Packet, { maxNamespaceLength, maxConnectQueryLength }: SocketLimits): Packet {
  const { nsp } = packet;
  const mark = nsp.indexOf("?");
  const end = mark === -1 ? nsp.length : mark;
  if (end > maxNamespaceLength || nsp.length - end - 1 > maxConnectQueryLength) {
    throw new SocketError("SOCKET_BAD_PACKET", { values: { detail: "namespace name too long" } });
  }
  if (packet.type === PacketType.CONNECT)
    return { ...packet, nsp: nsp.slice(0, end), data: parseQuery(nsp.slice(end + 1)) };
  return mark === -1 ? packet : { ...packet, nsp: nsp.slice(0, end) };
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
