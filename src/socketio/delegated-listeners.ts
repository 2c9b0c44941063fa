import type { EventEmitter } from "node:events";

/** The methods of an emitter that have to do with listeners. */
const METHODS = [
  "addListener",
  "eventNames",
  "getMaxListeners",
  "listenerCount",
  "listeners",
  "off",
  "on",
  "once",
  "prependListener",
  "prependOnceListener",
  "rawListeners",
  "removeAllListeners",
  "removeListener",
  "setMaxListeners",
] as const;

/** Something that stands for one of its parts wherever somebody listens: a server, for the namespace "/". */
interface Representative {
  readonly sockets: EventEmitter;
}

/** Gives a class methods of an emitter that are those of the part. */
export function delegateListeners(prototype: Representative): void {
  for (const method of METHODS) {
    Object.defineProperty(prototype, method, {
      configurable: true,
      writable: true,
      value(this: Representative, ...args: unknown[]): unknown {
        const target = this.sockets as unknown as Record<string, (...args: unknown[]) => unknown>;
        const result = target[method]?.(...args);
        return result === this.sockets ? this : result;
      },
    });
  }
}
