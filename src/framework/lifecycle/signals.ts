import { constants } from "node:os";

/** Signals that ask a process to end, as containers and terminals send them. */
export const SHUTDOWN_SIGNALS = ["SIGTERM", "SIGINT"] as const satisfies readonly NodeJS.Signals[];

/** The first process of a container, which the system does not end by signals that nobody listens to. */
const INIT_PID = 1;

/**
 * Runs `close` at the first of the signals, then lets the process end by that signal. A second signal ends it at once.
 *
 * @param close - must not reject.
 * @returns undoes it.
 */
export function onShutdownSignal(
  signals: readonly NodeJS.Signals[],
  close: (signal: NodeJS.Signals) => Promise<void>,
): () => void {
  const stopListening = (listener: (signal: NodeJS.Signals) => void): void => {
    for (const signal of signals) process.removeListener(signal, listener);
  };
  const first = (signal: NodeJS.Signals): void => {
    stopListening(first);
    for (const each of signals) process.on(each, second);
    void close(signal).then(() => {
      stopListening(second);
      endBy(signal);
    });
  };
  const second = (signal: NodeJS.Signals): void => {
    // Not by the signal: whoever else listens to it would have to agree.
    process.exit(exitCodeOf(signal));
  };
  for (const signal of signals) process.on(signal, first);
  return () => {
    stopListening(first);
  };
}

/** Others see which signal it was; their own listeners for it are called once more. */
function endBy(signal: NodeJS.Signals): void {
  process.kill(process.pid, signal);
  if (process.pid === INIT_PID) process.exit(exitCodeOf(signal));
}

/** As shells report a process that a signal has ended. */
function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}
