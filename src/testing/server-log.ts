import type { LogEntry } from "./log-book.js";

/** The server's warnings and errors: what went wrong there is likely to be why a test fails. */
export function describeLog(log: readonly LogEntry[]): string {
  const lines = log
    .filter(({ level }) => level === "warn" || level === "error")
    .map(({ level, message, fields: { error } }) => `\n  ${level}: ${message}${describeCause(error)}`);
  return lines.length === 0 ? "" : `\nThe server logged:${lines.join("")}`;
}

/** The stack of what was thrown, indented below what it belongs to; empty for what is no error. */
export function describeCause(cause: unknown): string {
  if (!(cause instanceof Error)) return "";
  return `\n    ${(cause.stack ?? cause.message).replaceAll("\n", "\n    ")}`;
}
