import type { Logger } from "../../common/index.js";
import type { LogLevel } from "./line-format.js";
import { Redaction } from "./redaction.js";

/** As much of a pino logger as is called; other loggers of that shape (bunyan, roarr) do as well. */
export type PinoLike = Readonly<Record<LogLevel, (fields: object, message: string) => void>> & {
  isLevelEnabled?(level: string): boolean;
};

/** How lines reach pino. */
export interface PinoLoggerOptions {
  /** More names of secrets, beside those that are always taken out. */
  readonly redact?: readonly string[];
}

/**
 * Lets an application log by pino, with its levels, serializers and transports. Errors are under `err`, where pino looks
 * for them; secrets are taken out before.
 *
 * @example Application.create(AppModule, { logger: pinoLogger(pino()) })
 */
export function pinoLogger(pino: PinoLike, { redact }: PinoLoggerOptions = {}): Logger {
  const redaction = new Redaction(redact);
  const at = (level: LogLevel): Logger["info"] => {
    return (message, { error, ...fields } = {}) => {
      if (pino.isLevelEnabled?.(level) === false) return;
      const plain = redaction.fields(error === undefined ? fields : { ...fields, err: error });
      pino[level](plain, redaction.text(message));
    };
  };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}
