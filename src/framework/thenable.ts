/**
 * Whether `value` has to be awaited. Reading a hostile `then` may throw: call it where a throw is caught.
 */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    ((typeof value === "object" && value !== null) || typeof value === "function") &&
    typeof (value as { then?: unknown }).then === "function"
  );
}
