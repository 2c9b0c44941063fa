/** Codes that Rookery itself sends to clients, with the message that goes along. Applications add their own. */
export const CLIENT_ERRORS = {
  VALIDATION_FAILED: "The payload is not valid.",
  FORBIDDEN: "You may not do this.",
  UNAUTHENTICATED: "You are not signed in.",
  RATE_LIMITED: "Too many events are waiting.",
  TIMEOUT: "The handler took too long.",
  NOT_FOUND: "Nobody handles this event.",
  NOT_ACKNOWLEDGED: "The handler ended without an answer.",
  SUPERSEDED: "A newer event has taken the place of this one.",
  CONFLICT: "This does not fit what is already there.",
  SHUTTING_DOWN: "The server is shutting down.",
  INTERNAL: "Something went wrong.",
} as const satisfies Readonly<Record<string, string>>;

/** A code that Rookery itself sends to clients. */
export type ClientErrorCode = keyof typeof CLIENT_ERRORS;

/** What a client receives in place of a value: `ack({ error })`, or the event `exception` with `{ event, error }`. */
export interface ClientError {
  /** One of `CLIENT_ERRORS`, or the application's own. */
  readonly code: string;
  readonly message: string;
  /** Plain data; `INTERNAL` carries `{ correlationId }`, `VALIDATION_FAILED` a list of `ValidationIssue`, a rate limit `{ retryAfterMs }`. */
  readonly details?: unknown;
}

/** One thing wrong with a payload. The offending value is never part of it. */
export interface ValidationIssue {
  /** Which argument of the event, counted from 0; only for handlers that take several. */
  readonly argument?: number;
  /** Where in the argument, such as `items[0].qty`; empty for the argument as a whole. */
  readonly path: string;
  /** Name of each broken rule, with its message. */
  readonly constraints: Readonly<Record<string, string>>;
}

const BRAND = Symbol.for("rookery.gatewayException");

/**
 * An error that is meant for the client: thrown anywhere in a guard, handler or hook, it arrives with its code, message
 * and details. Everything else that is thrown arrives as `INTERNAL`, without its text.
 */
export class GatewayException extends Error {
  readonly code: string;
  readonly details: unknown;
  readonly [BRAND] = true;

  /**
   * @param code - one of `CLIENT_ERRORS`, or the application's own.
   * @param message - for people; default: the code's own message, or the code.
   * @param details - plain data for programs; what cannot be written as JSON is left out.
   */
  constructor(code: ClientErrorCode | (string & {}), message?: string, details?: unknown) {
    super(message ?? (isClientErrorCode(code) ? CLIENT_ERRORS[code] : code));
    this.name = "GatewayException";
    this.code = code;
    this.details = details;
  }

  /** Like `instanceof`, but true across copies of the package and jest's realms. Never throws. */
  static is(value: unknown): value is GatewayException {
    try {
      return typeof value === "object" && value !== null && (value as { [BRAND]?: unknown })[BRAND] === true;
    } catch {
      return false;
    }
  }
}

/**
 * The exception of a payload that is not valid. It is none to the engine, so that it has no trace: that would only show the
 * pipeline, and cost several times as much as finding out what is wrong, at the will of the client.
 */
class Refusal {
  name = "GatewayException";
  message: string = CLIENT_ERRORS.VALIDATION_FAILED;
  stack = `GatewayException: ${CLIENT_ERRORS.VALIDATION_FAILED}`;
  readonly code: ClientErrorCode = "VALIDATION_FAILED";
  readonly details: readonly ValidationIssue[];
  readonly [BRAND] = true;

  constructor(issues: readonly ValidationIssue[]) {
    this.details = issues;
  }
}

Object.setPrototypeOf(Refusal.prototype, GatewayException.prototype);

/** What a client is told about a payload that is not valid; an exception without a stack trace. */
export function refusal(issues: readonly ValidationIssue[]): GatewayException {
  return new Refusal(issues);
}

/** The error that `code` stands for, as a client receives it. */
export function clientError(code: ClientErrorCode): ClientError {
  return { code, message: CLIENT_ERRORS[code] };
}

function isClientErrorCode(code: string): code is ClientErrorCode {
  return Object.hasOwn(CLIENT_ERRORS, code);
}
