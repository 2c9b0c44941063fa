/** What is logged beside the message; values are for machines, the message is for people. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Structured logger. Any method may be a no-op; none may throw. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

const silent = (): void => undefined;

/** Writes nothing; for tests and for hosts that log elsewhere. */
export const silentLogger: Logger = { debug: silent, info: silent, warn: silent, error: silent };

/** Warnings and errors to stderr, information to stdout, `debug` nowhere: the default. */
export const consoleLogger: Logger = {
  debug: silent,
  info: (message, fields) => {
    process.stdout.write(line("info", message, fields));
  },
  warn: (message, fields) => {
    process.stderr.write(line("warn", message, fields));
  },
  error: (message, fields) => {
    process.stderr.write(line("error", message, fields));
  },
};

function line(level: string, message: string, fields: LogFields = {}): string {
  const rest = Object.entries(fields).map(([name, value]) => ` ${name}=${escapeControls(describe(value))}`);
  return `${level} ${escapeControls(message)}${rest.join("")}\n`;
}

function describe(value: unknown): string {
  if (value instanceof Error) return value.stack ?? value.message;
  if (typeof value === "string") return value;
  try {
    return value === undefined ? "undefined" : JSON.stringify(value);
  } catch {
    return String(value);
  }
}

/** A client chooses event names and reasons: no newline or ANSI sequence of theirs reaches the terminal. */
function escapeControls(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are the point
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]|\n(?! {4}at )/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
