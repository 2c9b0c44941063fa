import { isThenable, type Logger } from "../../common/index.js";

/**
 * Lets an adapter act, and logs when that fails later: adapters of clusters are asynchronous, whatever their types say.
 * Nobody waits for them, and a rejection that nobody takes ends the process.
 *
 * @throws what the adapter throws at once.
 */
export function logLateFailure(act: () => unknown, logger: Logger): void {
  const work = act();
  if (!isThenable(work)) return;
  work.then(undefined, (error: unknown) => {
    logger.error("an adapter failed", { error });
  });
}

/** The same where nobody can take what is thrown at once either: a connection that begins or ends goes on doing so. */
export function logFailure(act: () => unknown, logger: Logger): void {
  try {
    logLateFailure(act, logger);
  } catch (error) {
    logger.error("an adapter failed", { error });
  }
}

/** Waits for what an adapter does at its beginning or end; a failure is logged and goes no further. */
export async function waitFor(act: () => unknown, failure: string, logger: Logger): Promise<void> {
  try {
    await act();
  } catch (error) {
    logger.error(failure, { error });
  }
}
