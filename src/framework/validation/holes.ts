/**
 * Whether a list anywhere in a value has fewer items than its length says.
 *
 * Implicit conversion makes a list of an object that comes in its place, `{ "4294967294": 1 }` included, which takes
 * every later step through it that many turns.
 */
export function hasHoles(value: unknown, seen = new Set<object>()): boolean {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value) || seen.has(value)) return false;
  seen.add(value);
  if (Array.isArray(value) && Object.keys(value).length < value.length) return true;
  const inner = value instanceof Map || value instanceof Set ? [...value.values()] : Object.values(value);
  return inner.some((item) => hasHoles(item, seen));
}
