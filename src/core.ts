/**
 * `rookery/core`: the protocol core, a drop-in for the package `socket.io`.
 *
 * Composition root: the one place that may plug layers and revisions together.
 */
import { revision3, socketRevision4, withJsonp } from "./eio3/index.js";
import {
  createEngineIo,
  EngineServer as BareEngineServer,
  revision4,
  type EngineIo,
  type EngineOptions,
  type EngineRevision,
  type HttpServerInstance,
} from "./engineio/index.js";
import {
  Server as BareServer,
  socketRevision5,
  type DefaultEventsMap,
  type EventsMap,
  type Revisions,
  type ServerOptions,
} from "./socketio/index.js";

export {
  CodedError,
  consoleLogger,
  createId,
  Deadlines,
  isOfFamily,
  isThenable,
  showMend,
  silentLogger,
  systemClock,
  toBuffer,
} from "./common/index.js";
export type { Clock, CodedErrorOptions, ErrorRow, ErrorTable, LogFields, Logger, Timer } from "./common/index.js";
export { decodePacket, encodePacket, EngineError, EngineSocket, Transport } from "./engineio/index.js";
export type {
  ConnectionError,
  ControlType,
  CookieOptions,
  EngineConstructor,
  EngineErrorCode,
  EngineIo,
  EngineOptions,
  EngineRequest,
  FlushCallback,
  HttpCompression,
  HttpServerInstance,
  MessageData,
  Packet as EnginePacket,
  Sendable,
  SendOptions,
  TransportEnd,
  TransportHandler,
  TransportName,
  TrustProxy,
  WebSocketEngine,
  WebSocketEngineOptions,
  WebSocketEngineServer,
  WebTransportSession,
  WebTransportStream,
} from "./engineio/index.js";
export {
  AckDecodeError,
  AckDisconnectedError,
  AckStream,
  AckTimeoutError,
  BroadcastOperator,
  Client,
  Dispatch,
  EncodeError,
  isReservedEvent,
  MemoryCluster,
  Namespace,
  PacketType,
  ParentNamespace,
  RemoteSocket,
  SendError,
  Socket,
  SocketError,
  SocketOperator,
  standardParser,
} from "./socketio/index.js";
export type {
  AckDecoder,
  AckReply,
  AckResult,
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
  EventSurroundings,
  EventNames,
  EventNamesWithAck,
  EventParams,
  EventsMap,
  ExtendedError,
  FirstNonErrorArg,
  Handshake,
  Last,
  LooseParser,
  NamespaceTest,
  Packet,
  PacketDecoder,
  PacketEncoder,
  Parser,
  RemoteEmitter,
  RemoveAcknowledgements,
  Room,
  ServerOptions,
  SocketErrorCode,
  SocketLimits,
} from "./socketio/index.js";

function engineRevisions({ allowEIO3, allowJSONP }: EngineOptions): EngineRevision[] {
  const newest = allowJSONP === true ? withJsonp(revision4) : revision4;
  return allowEIO3 === true ? [newest, revision3] : [newest];
}

const revisions: Revisions = { engine: engineRevisions, socket: [socketRevision5, socketRevision4] };

/**
 * The Engine.IO server: every connection of every transport enters by `accept`.
 *
 * Events are for users: `connection` (socket), `connection_error` ({ req, code, message, context }), `initial_headers`
 * and `headers` (headers, request).
 */
export class EngineServer extends BareEngineServer {
  /** @throws EngineError `ENGINE_BAD_OPTION` */
  constructor(options: EngineOptions = {}) {
    super(options, engineRevisions(options));
  }
}

/** The engine without Socket.IO: what the package `engine.io` exports. */
export const engineIo: EngineIo = createEngineIo(EngineServer);

/** The Socket.IO server: namespaces over one engine. It stands for the namespace "/" wherever it is used as one. */
export class Server<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- socket.io's default: untyped until declared
  SocketData = any,
> extends BareServer<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
  /**
   * @param target - an HTTP server to attach to, a port to listen on, or the options.
   * @throws EngineError `ENGINE_BAD_OPTION`, SocketError `SOCKET_BAD_OPTION` or `SOCKET_NOT_A_SERVER`
   */
  constructor(target?: HttpServerInstance | number | string | ServerOptions, options?: ServerOptions) {
    super(target, options, revisions);
  }
}
