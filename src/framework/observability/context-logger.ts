import type { LogFields, Logger } from "../../common/index.js";

/**
 * The application's logger, with the name of whoever writes: every provider may inject it, and gets one under the name of
 * its class.
 *
 * @example constructor(private readonly log: ContextLogger) {}
 */
export class ContextLogger implements Logger {
  readonly #logger: Logger;
  readonly #fields: LogFields;

  /** @param fields - written with every line. */
  constructor(logger: Logger, fields: LogFields = {}) {
    this.#logger = logger;
    this.#fields = fields;
  }

  /** The same logger, with more fields; `{ context }` is the name of whoever writes. */
  with(fields: LogFields): ContextLogger {
    return new ContextLogger(this.#logger, { ...this.#fields, ...fields });
  }

  debug(message: string, fields?: LogFields): void {
    this.#logger.debug(message, { ...this.#fields, ...fields });
  }

  info(message: string, fields?: LogFields): void {
    this.#logger.info(message, { ...this.#fields, ...fields });
  }

  warn(message: string, fields?: LogFields): void {
    this.#logger.warn(message, { ...this.#fields, ...fields });
  }

  error(message: string, fields?: LogFields): void {
    this.#logger.error(message, { ...this.#fields, ...fields });
  }
}
