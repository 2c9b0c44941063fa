import { EventEmitter } from "node:events";

export type Listener = (...args: never[]) => unknown;

/** Listeners of a client, by event. What one of them throws fails the test and stops neither the others nor the client. */
export class Listeners {
  // Only its book-keeping is used: its emit() would stop at a throw, and treats the event "error" as one.
  readonly #emitter = new EventEmitter();

  on(event: string, listener: Listener): void {
    this.#emitter.on(event, listener as (...args: unknown[]) => void);
  }

  once(event: string, listener: Listener): void {
    this.#emitter.once(event, listener as (...args: unknown[]) => void);
  }

  off(event: string, listener?: Listener): void {
    if (listener === undefined) this.#emitter.removeAllListeners(event);
    else this.#emitter.off(event, listener as (...args: unknown[]) => void);
  }

  call(event: string, args: readonly unknown[]): void {
    for (const listener of this.#emitter.rawListeners(event)) callBack(listener as Listener, args);
  }
}

/** Calls a function of the test's author; a throw or a rejection becomes an unhandled rejection, which runners report. */
export function callBack(callback: Listener, args: readonly unknown[]): void {
  void (async (): Promise<void> => {
    await callback(...(args as never[]));
  })();
}
