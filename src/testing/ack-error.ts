import { setHeadline } from "./headline.js";

/** An error as the server sends it in place of a value: `ack({ error })`. */
export interface ErrorReply {
  readonly code: string;
  readonly message?: string;
  readonly details?: unknown;
}

const BRAND = Symbol.for("rookery.ackError");

/**
 * The server answered an event with `{ error: { code, message, details? } }`. Of an `INTERNAL` error the `cause` is what
 * was thrown in the server, which real clients never see.
 */
export class AckError extends Error {
  /** Name of the event that was answered. */
  readonly event: string;
  readonly code: string;
  readonly details: unknown;
  readonly [BRAND] = true;

  constructor(event: string, { code, message = code, details }: ErrorReply, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    Object.defineProperty(this, "name", { value: "AckError", configurable: true });
    this.event = event;
    this.code = code;
    this.details = details;
    setHeadline(this, `AckError [${code}]: "${event}" was answered: ${message}`, details);
  }

  /** Like `instanceof`, but true across copies of the package and jest's realms. */
  static is(value: unknown, code?: string): value is AckError {
    const isAckError = typeof value === "object" && value !== null && BRAND in value;
    return isAckError && (code === undefined || (value as AckError).code === code);
  }
}

/** The error in an acknowledgement's first argument; undefined when it is a value. */
export function errorReplyOf(value: unknown): ErrorReply | undefined {
  const error = propertyOf(value, "error");
  return typeof propertyOf(error, "code") === "string" ? (error as ErrorReply) : undefined;
}

function propertyOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
