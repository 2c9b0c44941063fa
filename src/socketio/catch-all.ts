import type { Logger } from "../common/index.js";
import { callListener } from "./typed-emitter.js";

/** Sees events whatever their name: the name, then the arguments. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- socket.io's type; nothing is known of the arguments
export type CatchAllListener = (event: string, ...args: any[]) => void;

/** Listeners of every event of one socket, in one direction. */
export class CatchAll {
  #listeners: CatchAllListener[] = [];

  append(listener: CatchAllListener): void {
    this.#listeners.push(listener);
  }

  prepend(listener: CatchAllListener): void {
    this.#listeners.unshift(listener);
  }

  /** Removes one registration of the listener, or all listeners. */
  remove(listener?: CatchAllListener): void {
    if (listener === undefined) this.#listeners = [];
    else {
      const index = this.#listeners.indexOf(listener);
      if (index !== -1) this.#listeners.splice(index, 1);
    }
  }

  /** The listeners themselves: socket.io lets callers change this list. */
  list(): CatchAllListener[] {
    return this.#listeners;
  }

  notify(socket: object, data: unknown[], logger: Logger): void {
    for (const listener of this.#listeners.slice())
      callListener(listener, { emitter: socket, args: data, logger, event: "*" });
  }
}
