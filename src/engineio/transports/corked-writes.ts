import { setImmediate } from "node:timers";

/** A writer whose frames of this event-loop turn leave together. */
export interface CorkedWriter {
  uncork(): void;
}

let waiting: CorkedWriter[] = [];

/**
 * Calls `uncork` once at the end of this event-loop turn. One immediate serves all writers: a system call per frame is
 * over half of a server's time, so frames of one turn share one (bench/scenarios shows it).
 */
export function uncorkAfterTurn(writer: CorkedWriter): void {
  if (waiting.push(writer) === 1) setImmediate(uncorkAll);
}

function uncorkAll(): void {
  const writers = waiting;
  waiting = [];
  for (const writer of writers) writer.uncork();
}
