import type { Call } from "./call.js";
import type { Step } from "./step.js";

/** As much of an RxJS Observable as it takes to run one. */
interface Observable {
  pipe(...operators: unknown[]): unknown;
  subscribe(observer: Observer): { unsubscribe(): void };
}

interface Observer {
  next(value: unknown): void;
  error(error: unknown): void;
  complete(): void;
}

/** Runs an Observable that a handler or interceptor returned; other values pass. */
export const observeStep: Step = (call, output) => (isObservable(output) ? lastValueOf(output, call) : output);

/** RxJS is not imported: whoever returns an Observable has it, in whichever version. */
function isObservable(value: unknown): value is Observable {
  if (typeof value !== "object" || value === null) return false;
  const { subscribe } = value as Partial<Observable>;
  return typeof subscribe === "function" && typeof (value as Partial<Observable>).pipe === "function";
}

/**
 * Runs an Observable to its end, or to that of its call, when somebody around it has not waited.
 *
 * @returns its last value, `undefined` without any; a rejection when it fails or nobody waits for the call any more.
 */
function lastValueOf(source: Observable, call: Call): Promise<unknown> {
  const { signal } = call;
  return new Promise((resolve, reject) => {
    let last: unknown;
    const subscription = source.subscribe({
      next: (value) => {
        last = value;
      },
      error: reject,
      complete: () => {
        resolve(last);
      },
    });
    const stop = (): void => {
      try {
        subscription.unsubscribe();
        if (signal.aborted) reject(signal.reason as Error);
        else resolve(last);
      } catch (error) {
        // Thrown here it would end the process.
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- whatever was thrown goes on
        reject(error);
      }
    };
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
    call.onEnd = joined(call.onEnd, stop);
  });
}

/** An interceptor may run the rest of its call several times. */
function joined(before: (() => void) | undefined, stop: () => void): () => void {
  return before === undefined
    ? stop
    : () => {
        before();
        stop();
      };
}
