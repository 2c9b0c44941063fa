import { types } from "node:util";

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

/** The same, but that what the logger throws goes no further: nobody can be told of it. */
export function guardLogger(logger: Logger): Logger {
  const guarded = (level: keyof Logger): Logger[keyof Logger] => {
    return (message, fields) => {
      try {
        logger[level](message, fields);
      } catch {
        // The application's logger is broken; its connections need not be.
      }
    };
  };
  return { debug: guarded("debug"), info: guarded("info"), warn: guarded("warn"), error: guarded("error") };
}

function line(level: string, message: string, fields: LogFields = {}): string {
  const rest = Object.entries(fields).map(([name, value]) => ` ${name}=${describe(value)}`);
  return `${level} ${escapeControls(message)}${rest.join("")}\n`;
}

function describe(value: unknown): string {
  // Not `instanceof`: under jest, errors of node's own modules belong to another realm.
  if (types.isNativeError(value)) return describeError(value);
  if (typeof value === "string") return escapeControls(value);
  try {
    const text: unknown = JSON.stringify(value);
    return typeof text === "string" ? escapeControls(text) : typeof value;
  } catch {
    return Object.prototype.toString.call(value);
  }
}

/** Only the frames of a stack keep their lines: a client may have had a hand in the message before them. */
function describeError({ message, stack = message }: Error): string {
  const end = stack.includes(message) ? stack.indexOf(message) + message.length : stack.length;
  const frames = stack.slice(end).split("\n").map(escapeControls);
  return escapeControls(stack.slice(0, end)) + frames.join("\n");
}

// eslint-disable-next-line no-control-regex -- control characters are the point
const CONTROLS = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** A client chooses event names and reasons: no newline, ANSI sequence or change of direction reaches the terminal. */
export function escapeControls(text: string): string {
  return text.replace(CONTROLS, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
