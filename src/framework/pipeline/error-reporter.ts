import { createId, type LogFields, type Logger } from "../../common/index.js";
import { CLIENT_ERRORS, GatewayException, type ClientError } from "../client-errors.js";
import { loggable, messageOf } from "../thrown.js";
import type { Call } from "./call.js";

/**
 * Turns what was thrown into what is logged and what the client may know. Anything can be thrown, objects with hostile
 * getters too: nothing here throws.
 */
export class ErrorReporter {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** @returns the error for the client: its own words of a `GatewayException`, `INTERNAL` with a correlation id of the rest. */
  toClient(error: unknown, call: Call): ClientError {
    return (GatewayException.is(error) ? this.#ownWords(error, call) : undefined) ?? this.#internal(error, call);
  }

  /** Logs an error that no client waits for: of a disconnect hook, or of a handler after its answer. */
  unanswered(error: unknown, call: Call): void {
    this.#write("error", `${call.target.label} failed`, { ...fieldsOf(call), error: loggable(error) });
  }

  /** Logs an error of the way down, which goes on all the same. */
  closingFailed(error: unknown): void {
    this.#write("error", `closing: ${messageOf(error)}`, { error: loggable(error) });
  }

  info(message: string, fields: LogFields = {}): void {
    this.#write("info", message, fields);
  }

  warn(message: string, fields: LogFields): void {
    this.#write("warn", message, fields);
  }

  #ownWords(exception: GatewayException, call: Call): ClientError | undefined {
    try {
      const { code, message, details } = exception;
      return details === undefined ? { code, message } : { code, message, ...this.#plain(details, call) };
    } catch {
      return undefined;
    }
  }

  /** The encoder must not meet circles, getters or bigints in an error: details are made plain before they leave. */
  #plain(details: unknown, call: Call): { details?: unknown } {
    try {
      return { details: JSON.parse(JSON.stringify(details)) as unknown };
    } catch (error) {
      const fields = { ...fieldsOf(call), error: loggable(error) };
      this.#write("warn", `details of an exception of ${call.target.label} cannot be sent`, fields);
      return {};
    }
  }

  #internal(error: unknown, call: Call): ClientError {
    const correlationId = createId();
    const fields = { correlationId, ...fieldsOf(call), error: loggable(error) };
    this.#write("error", `${call.target.label} failed`, fields);
    return { code: "INTERNAL", message: CLIENT_ERRORS.INTERNAL, details: { correlationId } };
  }

  #write(level: "info" | "warn" | "error", message: string, fields: LogFields): void {
    try {
      this.#logger[level](message, fields);
    } catch {
      // A logger that throws must not take a handler's answer with it.
    }
  }
}

function fieldsOf({ socket, event, kind }: Call): LogFields {
  return { namespace: socket.nsp.name, socket: socket.id, ...(event === undefined ? { kind } : { event }) };
}
