import { CodedError, isOfFamily, type CodedErrorOptions, type ErrorTable } from "../common/index.js";

const FAMILY = "SocketError";

/** Every error of the Socket.IO layer. Each row is explained in docs/errors.md; texts are socket.io's where it has one. */
export const SOCKET_ERRORS = {
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
  SOCKET_DUPLICATE_HANDLER: {
    message: 'namespace "{namespace}" has two handlers for "{event}"',
    mend: "Give each event of a namespace one handler.",
  },
  SOCKET_NOT_A_SERVER: {
    message:
      "You are trying to attach socket.io to an express request handler function. Please pass a http.Server instance.",
    mend: "Make the server with http.createServer(app) and pass that.",
  },
  SOCKET_NOT_ATTACHED: {
    message: "the server is not attached to an HTTP server",
    mend: "Call attach or listen first.",
  },
  SOCKET_REFUSED: {
    message: "{detail}",
    mend: "A middleware refused with this text; pass it an Error to say more.",
  },
  SOCKET_RESERVED_EVENT: {
    message: '"{event}" is a reserved event name',
    mend: "Choose another event name; this one belongs to the protocol.",
  },
} as const satisfies ErrorTable<string>;

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
