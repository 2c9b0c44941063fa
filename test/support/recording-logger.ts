import type { LogFields, Logger } from "../../src/common/index.js";

/** What was logged, for tests to look at. */
export class RecordingLogger implements Logger {
  /** Level and message of each entry. */
  readonly lines: string[] = [];
  readonly fields: (LogFields | undefined)[] = [];

  debug(message: string, fields?: LogFields): void {
    this.#record("debug", message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.#record("info", message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.#record("warn", message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.#record("error", message, fields);
  }

  /** The errors that the entries carry. */
  get errors(): unknown[] {
    return this.fields.map((fields) => fields?.error);
  }

  #record(level: string, message: string, fields: LogFields | undefined): void {
    this.lines.push(`${level} ${message}`);
    this.fields.push(fields);
  }
}
