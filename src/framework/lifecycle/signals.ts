/** Signals that ask a process to end, as containers and terminals send them. */
export const SHUTDOWN_SIGNALS = ["SIGTERM", "SIGINT"] as const satisfies readonly NodeJS.Signals[];

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
  const remove = (): void => {
    for (const signal of signals) process.removeListener(signal, listen);
  };
  const listen = (signal: NodeJS.Signals): void => {
    remove();
    void close(signal).then(() => process.kill(process.pid, signal));
  };
  for (const signal of signals) process.on(signal, listen);
  return remove;
}
