/** Names that every object inherits: as own keys of a payload they could only shadow or pollute. */
const INHERITED_NAMES: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

/**
 * Takes `__proto__`, `constructor` and the other names of `Object.prototype` out of a payload, at any depth.
 *
 * @returns the value itself when there is nothing to take out, as nearly always; a copy of the affected parts otherwise.
 * @throws RangeError when it is nested beyond what the stack holds.
 */
export function withoutInheritedNames(value: unknown): unknown {
  if (Array.isArray(value)) return replaceItems(value);
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype ? replaceEntries(value as PlainObject) : value;
}

type PlainObject = Record<string, unknown>;

function replaceItems(items: readonly unknown[]): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (const [index, item] of items.entries()) {
    const clean = withoutInheritedNames(item);
    if (clean !== item) (copy ??= [...items])[index] = clean;
  }
  return copy ?? items;
}

function replaceEntries(object: PlainObject): PlainObject {
  let copy: PlainObject | undefined;
  for (const key of Object.keys(object)) {
    const isInherited = INHERITED_NAMES.has(key);
    const clean = isInherited ? undefined : withoutInheritedNames(object[key]);
    if (!isInherited && clean === object[key]) continue;
    copy ??= withoutKeys(object);
    if (!isInherited) copy[key] = clean;
  }
  return copy ?? object;
}

function withoutKeys(object: PlainObject): PlainObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !INHERITED_NAMES.has(key)));
}
