import { escapeControls } from "../../common/index.js";

/** Levels of a log, from the least on. */
export const LEVELS = ["debug", "info", "warn", "error"] as const;

/** How much a line matters. */
export type LogLevel = (typeof LEVELS)[number];

/** One line of a log, after redaction. */
export interface LogLine {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly time: Date;
}

/** Writes one JSON object a line; `level`, `time` and `message` come first, and no field takes their place. */
export function toJson({ level, message, fields, time }: LogLine): string {
  const { level: _level, time: _time, message: _message, ...rest } = fields;
  return `${JSON.stringify({ level, time: time.toISOString(), message, ...rest })}\n`;
}

const COLORS: Readonly<Record<LogLevel, number>> = { debug: 90, info: 36, warn: 33, error: 31 };

/** Writes for people: `12:30:01 WARN [Chat] slow {"waitedMs":1500}`, an error's stack on lines of its own. */
export function toText({ level, message, fields, time }: LogLine, hasColors: boolean): string {
  const { context, error, ...rest } = fields;
  const paint = (text: string, color: number): string => (hasColors ? `\u001b[${color}m${text}\u001b[0m` : text);
  const parts = [
    paint(time.toTimeString().slice(0, 8), 90),
    paint(level.toUpperCase().padEnd(5), COLORS[level]),
    context === undefined ? "" : paint(`[${escapeControls(plain(context))}]`, 35),
    escapeControls(message),
    Object.keys(rest).length === 0 ? "" : paint(escapeControls(JSON.stringify(rest)), 90),
  ];
  return `${parts.filter((part) => part !== "").join(" ")}\n${error === undefined ? "" : describeError(error)}`;
}

/** Only the frames of a stack keep their lines: a client may have had a hand in the message before them. */
function describeError(error: unknown): string {
  const { message, stack, code } = error as { message?: unknown; stack?: unknown; code?: unknown };
  if (typeof stack !== "string" || typeof message !== "string") return `  ${escapeControls(plain(error))}\n`;
  const end = stack.includes(message) ? stack.indexOf(message) + message.length : 0;
  const frames = stack.slice(end).split("\n").map(escapeControls).join("\n");
  const head = escapeControls(stack.slice(0, end)) + (code === undefined ? "" : ` (${escapeControls(plain(code))})`);
  return `  ${head}${frames}\n`;
}

function plain(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
