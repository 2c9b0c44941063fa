import type { DtoClass, TypedProperty } from "./class-shape.js";

/** Names that every object inherits. class-transformer copies none of them, and neither do we. */
const INHERITED_NAMES: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

/** A value that only class-transformer itself can convert; the whole payload is then left to it. */
export class NotPlainData extends TypeError {}

/** An object that would become as many bytes as it says. */
export class TooManyBytes extends RangeError {}

/** Makes an instance of what was sent. */
export type Make = (source: object) => object;

/** Whatever makes instances of one class, by the time it is asked to. */
export interface Maker {
  readonly make: Make;
}

/** @param made - the instance so far. @param source - what it is made of. */
export type Convert = (value: unknown, made: object, source: object) => unknown;

/** Copies what has no `@Type`: nothing of a payload is shared with the instance. */
export function copyOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return fill([], value, copyOf);
  return isPlain(value) ? copyOfEntries(value) : copyOfLeaf(value);
}

/** @returns `undefined` when class-transformer has ways of its own with the class. */
export function converterOf(typed: TypedProperty, makerOf: (type: DtoClass) => Maker): Convert | undefined {
  const { type, isOfType, reflected } = typed;
  const convertOne = SIMPLE_TYPES.get(type) ?? instanceConverter(type, makerOf);
  if (convertOne === undefined) return undefined;
  const convertItem = (item: unknown): unknown =>
    Array.isArray(item) ? fill([], item, convertItem) : convertOne(item);
  return (value, made, source) => {
    if (!isOfType(made, source)) throw new NotPlainData();
    if (Array.isArray(value)) return fill(collectionOf(reflected), value, convertItem);
    return reflected === Map ? toMap(value, convertItem) : convertOne(value);
  };
}

type ConvertOne = (value: unknown) => unknown;

const SIMPLE_TYPES: ReadonlyMap<unknown, ConvertOne> = new Map<unknown, ConvertOne>([
  [String, unlessMissing(String)],
  [Number, unlessMissing(Number)],
  [Boolean, unlessMissing(Boolean)],
  [Date, unlessMissing((value) => new Date(value instanceof Date ? value.valueOf() : (value as string)))],
  [Buffer, unlessMissing(bytesOf)],
  [Object, copyOf],
  [undefined, copyOf],
]);

function unlessMissing(convert: ConvertOne): ConvertOne {
  return (value) => {
    if (value instanceof Map || value instanceof Set) throw new NotPlainData();
    return value === undefined || value === null ? value : convert(value);
  };
}

/** Whether `Buffer.from` would make as many bytes of an object as it says, whatever it holds. */
export function saysLength(value: unknown): boolean {
  return isPlain(value) && "length" in value;
}

function bytesOf(value: unknown): Buffer {
  if (saysLength(value)) throw new TooManyBytes();
  return Buffer.from(value as Uint8Array);
}

function instanceConverter(type: unknown, makerOf: (type: DtoClass) => Maker): ConvertOne | undefined {
  if (typeof type !== "function" || isNative(type)) return undefined;
  const maker = makerOf(type as DtoClass);
  return (value) => {
    if (isPlain(value)) return maker.make(value);
    return typeof value === "object" && value !== null ? copyOfLeaf(value) : value;
  };
}

/**
 * Dates and binary data keep their kind, whatever `@Type` says.
 *
 * @throws NotPlainData for what else has a class of its own.
 */
function copyOfLeaf(value: object): object {
  if (value instanceof Date) return new Date(value.valueOf());
  if (value instanceof Buffer) return Buffer.from(value);
  throw new NotPlainData();
}

/** What JSON makes of braces. */
export function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function copyOfEntries(source: object): object {
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(source)) {
    if (!INHERITED_NAMES.has(key)) copy[key] = copyOf((source as Record<string, unknown>)[key]);
  }
  return copy;
}

/** Holes are left out. */
function fill(collection: unknown[] | Set<unknown>, items: readonly unknown[], convert: ConvertOne): object {
  for (let index = 0; index < items.length; index++) {
    const item = items[index];
    if (item === undefined && !(index in items)) continue;
    if (Array.isArray(collection)) collection.push(convert(item));
    else collection.add(convert(item));
  }
  return collection;
}

/** Whether a list stays a list in a property of this type. */
export function declaresList(reflected: unknown): boolean {
  return reflected === undefined || reflected === Array || reflected === Object;
}

/** As the property is declared: a list in a property that is a set becomes a set. */
function collectionOf(reflected: unknown): unknown[] | Set<unknown> {
  if (declaresList(reflected)) return [];
  if (reflected === Set) return new Set();
  throw new NotPlainData();
}

function toMap(value: unknown, convert: ConvertOne): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (!isPlain(value)) throw new NotPlainData();
  const map = new Map<string, unknown>();
  for (const [key, item] of Object.entries(value)) {
    // A list in a map takes its kind from a property of the item's class that has the same name as the key.
    if (Array.isArray(item)) throw new NotPlainData();
    if (!INHERITED_NAMES.has(key) && !(key in Map.prototype)) map.set(key, convert(item));
  }
  return map;
}

/** `Map`, `Promise`, `RegExp`, …: not for what JSON can bring. */
function isNative(type: object): boolean {
  return Function.prototype.toString.call(type).endsWith("{ [native code] }");
}
