import { checkGiven, methodRecord } from "../metadata/records.js";
import type { SerialKey } from "../metadata/types.js";

/**
 * Takes the handler out of the order of its socket: up to `limit` of its events run at once for each socket, beside
 * whatever else that one does; further ones wait for them.
 */
export function Concurrency(limit: number): MethodDecorator {
  return (target, method) => {
    checkGiven([limit], "Concurrency", target, method);
    methodRecord(target, method, "Concurrency").order.concurrency = limit;
  };
}

/**
 * Runs the handler's events one after another wherever they come from, as long as they have the same key; methods of one
 * gateway share their keys. In one server: a cluster needs a lock.
 *
 * @param key - `"user"` (see `@RateLimit`), or a function; without a key (`undefined`, `null`) an event waits for nobody. Default: `"user"`.
 */
export function Serial(key: SerialKey = "user"): MethodDecorator {
  return (target, method) => {
    methodRecord(target, method, "Serial").order.serial = key;
  };
}

/**
 * Only the newest event of each socket counts: one that waits or runs when the next arrives is answered `SUPERSEDED`, and
 * its signal aborts.
 */
export function Latest(): MethodDecorator {
  return (target, method) => {
    methodRecord(target, method, "Latest").order.isLatest = true;
  };
}
