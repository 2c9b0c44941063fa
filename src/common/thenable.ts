/**
 * Whether a value has to be waited for. Reading a hostile `then` may throw: call it where a throw is caught.
 */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  // Not `instanceof`: promises of node's own modules belong to another realm under jest.
  if (value === null || (typeof value !== "object" && typeof value !== "function")) return false;
  return typeof (value as { then?: unknown }).then === "function";
}
