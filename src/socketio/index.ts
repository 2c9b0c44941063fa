export {
  AckDecodeError,
  AckDisconnectedError,
  AckTimeoutError,
  EncodeError,
  SendError,
  SocketError,
} from "./errors.js";
export type { SocketErrorCode } from "./errors.js";
export type { AckDecoder, AckResult } from "./ack-collector.js";
export type { ExtendedError } from "./admission.js";
export { MemoryCluster } from "./adapter/memory-cluster.js";
export { AckStream } from "./ack-stream.js";
export { BroadcastOperator } from "./broadcast-operator.js";
export type { BroadcastFlags } from "./broadcast-operator.js";
export { Client } from "./client.js";
export type { DisconnectReason } from "./disconnect-reason.js";
export { Dispatch } from "./dispatch.js";
export type { AckReply, ConnectHandler, DisconnectHandler, EventHandler, EventSurroundings } from "./dispatch.js";
export type {
  AllButLast,
  DecorateAcknowledgements,
  DecorateAcknowledgementsWithMultipleResponses,
  DecorateAcknowledgementsWithTimeoutAndMultipleResponses,
  DefaultEventsMap,
  EventNames,
  EventNamesWithAck,
  EventParams,
  EventsMap,
  FirstNonErrorArg,
  Last,
  RemoveAcknowledgements,
} from "./event-types.js";
export type { Handshake } from "./handshake.js";
export type { SocketLimits } from "./limits.js";
export { Namespace } from "./namespace.js";
export type { AdapterConstructor, ServerOptions } from "./options.js";
export { isReservedEvent, PacketType } from "./packet.js";
export type { Packet } from "./packet.js";
export { createPacketReader, standardParser } from "./parser/reader.js";
export type { LooseParser, PacketDecoder, PacketEncoder, Parser } from "./parser/reader.js";
export { ParentNamespace } from "./parent-namespace.js";
export type { NamespaceTest } from "./parent-namespace.js";
export { RemoteSocket } from "./remote-socket.js";
export type { RemoteEmitter } from "./remote-socket.js";
export { socketRevision5 } from "./revision.js";
export type { Revisions, SocketRevision } from "./revision.js";
export type { Room } from "./room.js";
export { Server } from "./server.js";
export { Socket } from "./socket.js";
export type { Event } from "./receiving-socket.js";
export { SocketOperator } from "./socket-operator.js";
