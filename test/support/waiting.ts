import assert from "node:assert/strict";
import { setImmediate as nextTurn } from "node:timers/promises";

/** What both node's and the client's emitters offer. */
export interface EventSource {
  on(event: string, listener: (...args: unknown[]) => void): unknown;
  off(event: string, listener: (...args: unknown[]) => void): unknown;
}

/** Longer than anything takes on a busy machine, shorter than jest's own timeout, whose message names no event. */
const PATIENCE_MS = 4_000;

// A test has several waits: whichever is in vain must be the one to report it.
jest.setTimeout(4 * PATIENCE_MS);

/** The arguments of the next `event`. */
export async function nextEvent(source: EventSource, event: string): Promise<unknown[]> {
  const { promise, resolve } = deferred<unknown[]>();
  const listener = (...args: unknown[]): void => {
    resolve(args);
  };
  source.on(event, listener);
  try {
    return await within(promise, `event "${event}"`);
  } finally {
    source.off(event, listener);
  }
}

/** The arguments of the next `count` events, in order. */
export async function nextEvents(source: EventSource, event: string, count: number): Promise<unknown[][]> {
  const received: unknown[][] = [];
  const { promise, resolve } = deferred<unknown[][]>();
  const listener = (...args: unknown[]): void => {
    if (received.push(args) === count) resolve(received);
  };
  source.on(event, listener);
  try {
    return await within(promise, () => `${count} events "${event}" (${received.length} came)`);
  } finally {
    source.off(event, listener);
  }
}

/** Settles as `promise` does, or rejects naming `what` was awaited. */
export async function within<T>(promise: Promise<T>, what: string | (() => string)): Promise<T> {
  const { promise: late, reject } = deferred<never>();
  const timer = setTimeout(() => {
    const name = typeof what === "string" ? what : what();
    reject(new Error(`waited ${PATIENCE_MS} ms in vain for ${name}`));
  }, PATIENCE_MS);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Looks at the condition once a turn of the event loop; for states that nothing announces. */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await condition())) {
    assert(performance.now() < deadline, `waited ${PATIENCE_MS} ms in vain until ${what}`);
    await nextTurn();
  }
}

export interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
}

/** A promise settled from outside. */
export function deferred<T>(): Deferred<T> {
  let resolve: Deferred<T>["resolve"] | undefined;
  let reject: Deferred<T>["reject"] | undefined;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  assert(resolve !== undefined && reject !== undefined);
  return { promise, resolve, reject };
}
