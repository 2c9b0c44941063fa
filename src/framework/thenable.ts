import { isThenable } from "../common/index.js";

/** Hands a value on, or what it resolves to. Promise.resolve tames thenables that call back twice, at once, or throw. */
export function chain(value: unknown, next: (value: unknown) => unknown): unknown {
  return isThenable(value) ? Promise.resolve(value).then(next) : next(value);
}

/**
 * Maps one after another. When one throws, the promises of those before it are let go of: that they reject as well is
 * nobody's business any more, and must not end the process.
 */
export function mapInOrder<In, Out>(items: readonly In[], map: (item: In) => Out): Out[] {
  const results: Out[] = [];
  try {
    for (const item of items) results.push(map(item));
    return results;
  } catch (error) {
    for (const result of results) letGo(result);
    throw error;
  }
}

/** Hears of a rejection, so that the process does not. */
export function letGo(value: unknown): void {
  if (isThenable(value)) Promise.resolve(value).catch(() => undefined);
}
