import type { LogFields, Logger } from "../core.js";

/** One line of the server's log. */
export interface LogEntry {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly message: string;
  readonly fields: LogFields;
}

/** A logger that keeps what it is told and prints nothing, unless it has another logger to pass it on to. */
export class LogBook implements Logger {
  readonly #entries: LogEntry[] = [];
  readonly #next: Logger | undefined;

  constructor(next?: Logger) {
    this.#next = next;
  }

  get entries(): readonly LogEntry[] {
    return this.#entries;
  }

  debug(message: string, fields?: LogFields): void {
    this.#add("debug", message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.#add("info", message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.#add("warn", message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.#add("error", message, fields);
  }

  /** What was thrown for `error`, of which the client knows no more than a correlation id; undefined for other errors. */
  causeOf(error: unknown): unknown {
    const correlationId = (error as { details?: { correlationId?: unknown } } | null | undefined)?.details
      ?.correlationId;
    if (correlationId === undefined) return undefined;
    return this.#entries.find(({ fields }) => fields.correlationId === correlationId)?.fields.error;
  }

  #add(level: LogEntry["level"], message: string, fields: LogFields = {}): void {
    this.#entries.push({ level, message, fields });
    this.#next?.[level](message, fields);
  }
}
