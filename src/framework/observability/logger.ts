import type { Logger } from "../../common/index.js";
import { GatewayError } from "../errors.js";
import { LEVELS, toJson, toText, type LogLevel, type LogLine } from "./line-format.js";
import { Redaction } from "./redaction.js";

/** How the application's own logger writes. */
export interface LoggerOptions {
  /** The least level that is written; `"silent"` writes nothing. @default "info" */
  readonly level?: LogLevel | "silent";
  /** One JSON object a line, or text for people. Default: JSON when `NODE_ENV` is "production", or else text. */
  readonly format?: "json" | "text";
  /** Colours in text. Default: when stdout is a terminal and `NO_COLOR` is not set. */
  readonly colors?: boolean;
  /** More names of secrets, wherever they stand in the fields; case and punctuation do not matter. */
  readonly redact?: readonly string[];
  /** Where lines go, each with its newline. Default: warnings and errors to stderr, the rest to stdout. */
  readonly write?: (line: string, level: LogLevel) => void;
}

/**
 * Makes a logger that takes out secrets and escapes control characters, so that no client writes into a terminal or fakes
 * a line.
 *
 * @throws GatewayError `GATEWAY_BAD_OPTION`
 */
export function createLogger(options: LoggerOptions = {}): Logger {
  const { level: least = "info", write = writeToProcess } = options;
  const redaction = new Redaction(options.redact);
  const format = formatOf(options);
  const first = least === "silent" ? LEVELS.length : LEVELS.indexOf(least);
  if (first < 0) {
    const values = { option: "level", value: least, expected: '"debug", "info", "warn", "error" or "silent"' };
    throw new GatewayError("GATEWAY_BAD_OPTION", { values });
  }
  const at = (level: LogLevel): Logger["info"] => {
    if (LEVELS.indexOf(level) < first) return () => undefined;
    return (message, fields = {}) => {
      const line = { level, message: redaction.text(message), fields: redaction.fields(fields), time: new Date() };
      write(format(line), level);
    };
  };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

function formatOf({ format, colors }: LoggerOptions): (line: LogLine) => string {
  const { NODE_ENV, NO_COLOR = "" } = process.env;
  if ((format ?? (NODE_ENV === "production" ? "json" : "text")) === "json") return toJson;
  const hasColors = colors ?? (process.stdout.isTTY && NO_COLOR === "");
  return (line) => toText(line, hasColors);
}

function writeToProcess(line: string, level: LogLevel): void {
  const stream = level === "warn" || level === "error" ? process.stderr : process.stdout;
  stream.write(line);
}
