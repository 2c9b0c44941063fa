/**
 * `rookery/core`: the protocol core, a drop-in for the package `socket.io`.
 *
 * Composition root: the one place that may plug layers and revisions together.
 */
export {
  CodedError,
  consoleLogger,
  createId,
  Deadlines,
  isOfFamily,
  silentLogger,
  systemClock,
} from "./common/index.js";
export type { Clock, CodedErrorOptions, ErrorRow, ErrorTable, LogFields, Logger, Timer } from "./common/index.js";
export { decodePacket, encodePacket, EngineError, EngineServer, EngineSocket, Transport } from "./engineio/index.js";
export type {
  ConnectionError,
  ControlType,
  EngineErrorCode,
  EngineOptions,
  EngineRequest,
  HttpServerInstance,
  MessageData,
  Packet as EnginePacket,
  SendOptions,
  TransportEnd,
  TransportHandler,
  TransportName,
} from "./engineio/index.js";
export {
  AckDisconnectedError,
  AckTimeoutError,
  BroadcastOperator,
  Client,
  Dispatch,
  isThenable,
  Namespace,
  PacketType,
  Server,
  Socket,
  SocketError,
  SocketOperator,
  standardParser,
} from "./socketio/index.js";
export type {
  AckReply,
  AdapterConstructor,
  AllButLast,
  BroadcastFlags,
  ConnectHandler,
  DecorateAcknowledgements,
  DecorateAcknowledgementsWithMultipleResponses,
  DecorateAcknowledgementsWithTimeoutAndMultipleResponses,
  DefaultEventsMap,
  DisconnectHandler,
  DisconnectReason,
  Event,
  EventHandler,
  EventNames,
  EventNamesWithAck,
  EventParams,
  EventsMap,
  FirstNonErrorArg,
  Handshake,
  Last,
  Packet,
  PacketDecoder,
  PacketEncoder,
  Parser,
  RemoveAcknowledgements,
  Room,
  ServerOptions,
  SocketErrorCode,
  SocketLimits,
} from "./socketio/index.js";
