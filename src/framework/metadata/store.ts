import "reflect-metadata";

/** The one place that touches Reflect. Classes are addressed by their constructor. */

type Constructor = abstract new (...args: never[]) => unknown;

/** The record that this very class keeps under `key`, made on first use. Inherited records are not touched. */
export function ownRecord<T>(key: symbol, target: Constructor, create: () => T): T {
  const existing = Reflect.getOwnMetadata(key, target) as T | undefined;
  if (existing !== undefined) return existing;
  const record = create();
  Reflect.defineMetadata(key, record, target);
  return record;
}

export function setRecord(key: symbol, target: Constructor, record: unknown): void {
  Reflect.defineMetadata(key, record, target);
}

/** The record of this class, or of the nearest class that it extends; `undefined` without one. */
export function nearestRecord(key: symbol, target: Constructor): unknown {
  return Reflect.getMetadata(key, target) as unknown;
}

/** Records of this class and of all that it extends, most basic class first. */
export function recordChain<T>(key: symbol, target: Constructor): T[] {
  const records: T[] = [];
  for (let current: unknown = target; typeof current === "function"; current = Object.getPrototypeOf(current)) {
    const record = Reflect.getOwnMetadata(key, current) as T | undefined;
    if (record !== undefined) records.unshift(record);
  }
  return records;
}

/** The class whose constructor makes instances of `target`: itself, or what it extends when it has no constructor. */
export function constructorOwner(target: Constructor): Constructor {
  const base: unknown = Object.getPrototypeOf(target);
  const isInherited = target.length === 0 && typeof base === "function" && base !== Function.prototype;
  if (!isInherited || Reflect.hasOwnMetadata("design:paramtypes", target)) return target;
  return constructorOwner(base as Constructor);
}

/**
 * Types of the parameters of this class's own constructor, as the compiler wrote them.
 *
 * @returns `undefined` without metadata. Elements are whatever stood there at load time: a class, `Object` for interfaces,
 * `undefined` for a class in an import cycle, with swc also an enum object.
 */
export function constructorTypes(owner: Constructor): readonly unknown[] | undefined {
  return Reflect.getOwnMetadata("design:paramtypes", owner) as unknown[] | undefined;
}

/** Types of a method's parameters, the nearest declaration's; see {@link constructorTypes} for what they can be. */
export function methodTypes(target: Constructor, method: string | symbol): readonly unknown[] | undefined {
  return Reflect.getMetadata("design:paramtypes", target.prototype as object, method) as unknown[] | undefined;
}

/** Type of a property. */
export function propertyType(target: Constructor, property: string | symbol): unknown {
  return Reflect.getMetadata("design:type", target.prototype as object, property);
}

/** Notes something for an application. @param target - a class, or a method's function; `Reflect.getMetadata(key, target)` of other packages sees it as well. */
export function setNote(key: string | symbol, target: object, value: unknown): void {
  Reflect.defineMetadata(key, value, target);
}

/** The note of a function, or of a class or the nearest that it extends; `undefined` without one. */
export function noteOf(key: string | symbol, target: object): unknown {
  return Reflect.getMetadata(key, target);
}

/** Gives a method what is noted on those that it overrides, the nearest first, where nothing is noted on itself. */
export function inheritNotes(type: Constructor, method: string | symbol): void {
  const [own, ...overridden] = implementations(type.prototype as object, method);
  if (own === undefined) return;
  for (const each of overridden) {
    for (const key of Reflect.getOwnMetadataKeys(each) as (string | symbol)[]) {
      if (!Reflect.hasOwnMetadata(key, own)) Reflect.defineMetadata(key, Reflect.getOwnMetadata(key, each), own);
    }
  }
}

function implementations(prototype: object, method: string | symbol): object[] {
  const found: object[] = [];
  for (let owner: unknown = prototype; owner !== null; owner = Object.getPrototypeOf(owner)) {
    const value: unknown = Object.getOwnPropertyDescriptor(owner, method)?.value;
    if (typeof value === "function") found.push(value);
  }
  return found;
}
