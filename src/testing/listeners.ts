import { EventEmitter } from "node:events";

export type Listener = (...args: never[]) => unknown;

/** Listeners of a client, by event. What one of them throws fails the test and stops neither the others nor the client. */
export class Listeners {
  // Only its book-keeping is used: its emit() would stop at a throw, and treats the event "error" as one.
  readonly #emitter = new EventEmitter();
  /** What is kept back for listeners that are still to come. */
  #unheard: (readonly [event: string, args: readonly unknown[]])[] | undefined;

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

  /** Keeps calls back from here on. */
  hold(): void {
    this.#unheard ??= [];
  }

  /** Makes the calls that were kept back. */
  release(): void {
    const unheard = this.#unheard ?? [];
    this.#unheard = undefined;
    for (const [event, args] of unheard) this.call(event, args);
  }

  call(event: string, args: readonly unknown[]): void {
    if (this.#unheard !== undefined) {
      this.#unheard.push([event, args]);
      return;
    }
    for (const listener of this.#emitter.rawListeners(event)) callBack(listener as Listener, args);
  }
}

/** Calls a function of the test's author; a throw or a rejection becomes an unhandled rejection, which runners report. */
export function callBack(callback: Listener, args: readonly unknown[]): void {
  void (async (): Promise<void> => {
    await callback(...(args as never[]));
  })();
}
