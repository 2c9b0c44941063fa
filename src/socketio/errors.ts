import { CodedError, isOfFamily, messageOf, type CodedErrorOptions, type ErrorTable } from "../common/index.js";

const FAMILY = "SocketError";

/** Every error of the Socket.IO layer. Each row is explained in docs/errors.md; texts are socket.io's where it has one. */
export const SOCKET_ERRORS = {
  SOCKET_ACK_DECODE: {
    message: "an acknowledgement was refused: {detail}",
    mend: "Compare what the client answers with what the decoder accepts.",
  },
  SOCKET_ACK_DISCONNECTED: {
    message: "socket has been disconnected",
    mend: "The client left before it answered; send again when it is back, or treat the answer as unknown.",
  },
  SOCKET_ACK_TIMEOUT: {
    message: "operation has timed out",
    mend: "The client did not answer in time; raise the timeout or let the client call its acknowledgement.",
  },
  SOCKET_BAD_PACKET: {
    message: "{detail}",
    mend: "The client does not speak Socket.IO protocol 5; look at what it sends.",
  },
  SOCKET_BAD_OPTION: {
    message: "option {option} is {value}, expected {expected}",
    mend: "Give the option a value of the expected kind, or leave it out for its default.",
  },
  SOCKET_BAD_ROOM: {
    message: "a room must be a string or a number, got {kind}",
    mend: "Check what the client sent before joining it to a room.",
  },
  SOCKET_BUFFER_FULL: {
    message: 'the client reads too slowly to take "{event}"',
    mend: "Send less, use volatile for what may be lost, or raise maxBufferedBytes and maxBufferedPackets.",
  },
  SOCKET_CLOSED: {
    message: 'the socket is closed and cannot take "{event}"',
    mend: "Check `connected` first, or keep the data (it is in `args`) until the client is back.",
  },
  SOCKET_DUPLICATE_HANDLER: {
    message: 'namespace "{namespace}" has two handlers for "{event}"',
    mend: "Give each event of a namespace one handler.",
  },
  SOCKET_ENCODE: {
    message: 'the data of "{event}" cannot be encoded: {detail}',
    mend: "Send plain data: no BigInt, no cycle, no getter or toJSON that throws.",
  },
  SOCKET_ID_ROOM: {
    message: "the room is that of another socket",
    mend: "Check what the client sent before joining it to a room, or leave out reserveIdRooms.",
  },
  SOCKET_LIMIT: {
    message: "a client exceeds {option}, which is {limit}",
    mend: "Raise the option when the client is a genuine one; docs/limits.md says what it counts.",
  },
  SOCKET_NO_UWS: {
    message: "attachApp is for uWebSockets.js, which this server does not run on",
    mend: "Attach to a server of node:http, node:https or node:http2; it needs no native add-on to be faster.",
  },
  SOCKET_NOT_A_SERVER: {
    message:
      "You are trying to attach socket.io to an express request handler function. Please pass a http.Server instance.",
    mend: "Make the server with http.createServer(app) and pass that.",
  },
  SOCKET_PARENT_FETCH: {
    message: "fetchSockets() is not supported on parent namespaces",
    mend: "Call it on one of the child namespaces.",
  },
  SOCKET_REFUSED: {
    message: "{detail}",
    mend: "A middleware refused with this text; pass it an Error to say more.",
  },
  SOCKET_RESERVED_EVENT: {
    message: '"{event}" is a reserved event name',
    mend: "Choose another event name; this one belongs to the protocol.",
  },
  SOCKET_STATEFUL_PATTERN: {
    message: "stateful regular expressions are not supported",
    mend: "Leave out the flags g and y: they make a pattern match every other time.",
  },
} as const satisfies ErrorTable<string>;

/** Codes of `SocketError`. */
export type SocketErrorCode = keyof typeof SOCKET_ERRORS;

/** An error of the Socket.IO layer. */
export class SocketError extends CodedError<SocketErrorCode> {
  constructor(code: SocketErrorCode, options?: CodedErrorOptions) {
    super(FAMILY, SOCKET_ERRORS[code], code, options);
  }

  static is(value: unknown, code?: SocketErrorCode): value is SocketError {
    return isOfFamily(value, FAMILY, code);
  }
}

/** No answer within the timeout. */
export class AckTimeoutError extends SocketError {
  constructor() {
    super("SOCKET_ACK_TIMEOUT");
  }
}

/** The peer left before it answered. */
export class AckDisconnectedError extends SocketError {
  constructor() {
    super("SOCKET_ACK_DISCONNECTED");
  }
}

/** The answer came, but is not what was asked for. */
export class AckDecodeError extends SocketError {
  constructor(cause: unknown) {
    super("SOCKET_ACK_DECODE", { values: { detail: messageOf(cause) }, cause });
  }
}

/** An event that was not sent; it comes back with the error. */
export class SendError extends SocketError {
  readonly event: string;
  readonly args: readonly unknown[];

  constructor(code: "SOCKET_CLOSED" | "SOCKET_BUFFER_FULL", event: string, args: readonly unknown[]) {
    super(code, { values: { event } });
    this.event = event;
    this.args = args;
  }
}

/** Data that does not fit on the wire; nothing was sent and the socket stays usable. */
export class EncodeError extends SocketError {
  readonly event: string;
  readonly args: readonly unknown[];

  constructor(event: string, cause: unknown, args: readonly unknown[] = []) {
    super("SOCKET_ENCODE", { values: { event, detail: messageOf(cause) }, cause });
    this.event = event;
    this.args = args;
  }
}
