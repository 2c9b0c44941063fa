import { createId } from "../common/index.js";
import { revision4, type EngineOptions, type EngineRevision } from "../engineio/index.js";
import type { Handshake } from "./handshake.js";
import type { SocketLimits } from "./limits.js";
import type { Packet } from "./packet.js";
import { createPacketReader, type PacketReader, type PacketReaderHost, type Parser } from "./parser/reader.js";

/** Why a client is not let in. */
export interface RefusalReason {
  readonly message: string;
  readonly data?: unknown;
}

/**
 * What differs between revisions of the Socket.IO protocol; the revision of Engine.IO that a client speaks decides on it.
 * This layer knows the newest; others are plugged in by the composition root.
 */
export interface SocketRevision {
  /** Revision of Engine.IO that carries it. */
  readonly engineProtocol: number;
  /** Whether a client joins "/" by connecting, without asking for it. */
  readonly joinsMainNamespace: boolean;
  /** Whether its clients can come back to a session. */
  readonly recovers: boolean;
  /**
   * Reads the packets of one connection.
   *
   * @param onPacket - gets each of them as the newest revision would have sent it.
   */
  createReader(
    parser: Parser,
    limits: SocketLimits,
    onPacket: (packet: Packet) => void,
    host: PacketReaderHost,
  ): PacketReader;
  /** @returns the id of a new socket, unique among the namespaces of the connection. */
  createSocketId(connectionId: string, namespace: string): string;
  /** What the application gets to know of a connection. */
  completeHandshake(handshake: Handshake): Handshake;
  /**
   * @param pid - by which the client may come back.
   * @returns data of the CONNECT that tells a client that it is in; undefined for none.
   */
  connectData(socketId: string, pid: string | undefined): unknown;
  /** @returns data of the CONNECT_ERROR. */
  refusalData(reason: RefusalReason): unknown;
}

/** Protocol 5: socket.io-client since version 3. */
export const socketRevision5: SocketRevision = {
  engineProtocol: revision4.protocol,
  joinsMainNamespace: false,
  recovers: true,
  createReader: createPacketReader,
  // Not the connection's: that one is a secret of its client.
  createSocketId: createId,
  completeHandshake: (handshake) => handshake,
  connectData: (socketId, pid) => (pid === undefined ? { sid: socketId } : { sid: socketId, pid }),
  refusalData: (reason) => reason,
};

/** The revisions that a server speaks. */
export interface Revisions {
  readonly engine: (options: EngineOptions) => readonly EngineRevision[];
  /** The first is for connections of engines that do not say which revision they speak. */
  readonly socket: readonly [SocketRevision, ...SocketRevision[]];
}

export const newestRevisions: Revisions = { engine: () => [revision4], socket: [socketRevision5] };
