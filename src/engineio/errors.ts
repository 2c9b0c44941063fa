import { CodedError, isOfFamily, type CodedErrorOptions, type ErrorTable } from "../common/index.js";

const FAMILY = "EngineError";

/** Every error of the engine. Each row is explained in docs/errors.md. */
export const ENGINE_ERRORS = {
  ENGINE_BAD_PAYLOAD: {
    message: "a packet could not be decoded: {detail}",
    mend: "The client does not speak the revision of Engine.IO that it asks for; look at what sits between it and the server.",
  },
  ENGINE_BAD_OPTION: {
    message: "option {option} is {value}, expected {expected}",
    mend: "Give the option a value of the expected kind, or leave it out for its default.",
  },
  ENGINE_DUPLICATE_ID: {
    message: "generateId returned an id that is empty, not text or already in use",
    mend: "Return a new unguessable string for each request, or drop the override of generateId.",
  },
  ENGINE_HEARTBEAT_DIRECTION: {
    message: "invalid heartbeat direction",
    mend: "In Engine.IO 4 the server pings, in 3 the client does; this client speaks another revision than it asks for.",
  },
  ENGINE_OVERLAP: {
    message: "{what} from client",
    mend: "A client may have one poll and one post in flight at a time; check the proxy for request retries.",
  },
  ENGINE_PREMATURE_CLOSE: {
    message: "{what} connection closed prematurely",
    mend: "The client or a proxy gave up the request; check proxy timeouts against pingInterval.",
  },
  ENGINE_BUFFER_FULL: {
    message: "the client reads too slowly: {bytes} bytes in {packets} packets are waiting",
    mend: "Send less, use volatile for what may be lost, or raise maxBufferedBytes and maxBufferedPackets.",
  },
  ENGINE_SLOW_BODY: {
    message: "a request's body comes too slowly",
    mend: "Raise bodyTimeout, or lower minBodyRate, for clients on connections this slow.",
  },
  ENGINE_STRAY_PACKETS: {
    message: "the client sends {packets} control packets or frames without a meaning",
    mend: "No genuine client does; look at what it is.",
  },
  ENGINE_WRITE: {
    message: "write error",
    mend: "The connection broke before all had been sent; the client or its network did that.",
  },
  ENGINE_LIMIT: {
    message: "no further connection: {option} is {limit}",
    mend: "Raise the option, or spread the clients over more servers.",
  },
  ENGINE_CONTENT_TYPE: {
    message: "invalid content",
    mend: "Engine.IO 4 posts text; send binary as base64 packets.",
  },
} as const satisfies ErrorTable<string>;

/** Codes of `EngineError`. */
export type EngineErrorCode = keyof typeof ENGINE_ERRORS;

/** An error of the Engine.IO layer. */
export class EngineError extends CodedError<EngineErrorCode> {
  constructor(code: EngineErrorCode, options?: CodedErrorOptions) {
    super(FAMILY, ENGINE_ERRORS[code], code, options);
  }

  static is(value: unknown, code?: EngineErrorCode): value is EngineError {
    return isOfFamily(value, FAMILY, code);
  }
}
