import { inspect } from "node:util";

/** What was thrown, in one line for a message. Anything can be thrown, objects with hostile getters too: never throws. */
export function messageOf(thrown: unknown): string {
  try {
    return thrown instanceof Error ? thrown.message : inspect(thrown, { depth: 1, breakLength: Infinity });
  } catch {
    return "something that cannot be read";
  }
}

/** What was thrown, for a log: the error itself when a logger can read it, or else a text. Never throws. */
export function loggable(thrown: unknown): unknown {
  try {
    return thrown instanceof Error && typeof thrown.stack === "string" ? thrown : inspect(thrown, { depth: 3 });
  } catch {
    return "something that cannot be read";
  }
}
