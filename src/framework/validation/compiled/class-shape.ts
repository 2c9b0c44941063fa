import { Type, type TypeMetadata } from "class-transformer";
import { defaultMetadataStorage as storage } from "class-transformer/cjs/storage.js";

export type DtoClass = new () => object;

/** What `@Type` says of a property. */
export interface TypedProperty {
  readonly property: string;
  /** The class as found at start. */
  readonly type: unknown;
  /** Whether it still is that class: the function may answer otherwise for every value. */
  readonly isOfType: (made: object, source: object) => boolean;
  /** What `@Type` was given, when it has nothing to look at: `() => Item`. */
  readonly typeFunction: (() => unknown) | undefined;
  /** The declared type: says of what kind a collection is. */
  readonly reflected: unknown;
}

/**
 * What class-transformer does to make an instance of a class, as far as it is plain copying and `@Type`.
 *
 * @returns `undefined` for what only class-transformer itself can do: `@Transform`, `@Expose`, `@Exclude`, discriminators.
 */
export function typedPropertiesOf(type: DtoClass): readonly TypedProperty[] | undefined {
  const line = [...lineOf(type)];
  if (!isSharedStorage() || line.some(isDecoratedOtherwise)) return undefined;
  const names = new Set(line.flatMap((ancestor) => [...(storage._typeMetadatas.get(ancestor)?.keys() ?? [])]));
  const typed = [...names].map((property) => toTypedProperty(property, storage.findTypeMetadata(type, property)));
  return typed.every((property) => property !== undefined) ? typed : undefined;
}

/**
 * A fresh instance, for the fields that all instances have.
 *
 * @returns `undefined` when a constructor decides about them, or fields that share a name with what instances inherit.
 */
export function sampleOf(type: DtoClass): Readonly<Record<string, unknown>> | undefined {
  const sources = [...lineOf(type)].map((ancestor) => Function.prototype.toString.call(ancestor));
  if (!sources.every((source) => source.startsWith("class") && !source.includes("constructor"))) return undefined;
  try {
    const sample = new type() as Readonly<Record<string, unknown>>;
    return Object.keys(sample).some((field) => field in Object.prototype) ? undefined : sample;
  } catch {
    return undefined;
  }
}

/** Whether writing a property may run code of the class. */
export function hasSetters(type: DtoClass): boolean {
  return [...lineOf(type)].some(({ prototype }) =>
    Object.values(Object.getOwnPropertyDescriptors(prototype as object)).some((property) => property.set !== undefined),
  );
}

/** The class and all that it extends, nearest first. */
function* lineOf(type: DtoClass): Generator<DtoClass> {
  let current: unknown = type;
  while (typeof current === "function" && current !== Function.prototype) {
    yield current as DtoClass;
    current = Object.getPrototypeOf(current);
  }
}

function isDecoratedOtherwise(type: DtoClass): boolean {
  return [storage._transformMetadatas, storage._exposeMetadatas, storage._excludeMetadatas].some(
    (metadata) => (metadata.get(type)?.size ?? 0) > 0,
  );
}

function toTypedProperty(property: string, metadata: TypeMetadata | undefined): TypedProperty | undefined {
  if (metadata?.typeFunction === undefined || metadata.options.discriminator !== undefined) return undefined;
  const { typeFunction } = metadata;
  const reflected: unknown = metadata.reflectedType;
  const typeFor = (newObject: object, object: object): unknown =>
    typeFunction({ newObject, object: object as Record<string, unknown>, property });
  try {
    const type: unknown = typeFor({}, {});
    const isOfType: TypedProperty["isOfType"] = (made, source) => typeFor(made, source) === type;
    return {
      property,
      type,
      isOfType,
      typeFunction: isConstant(typeFunction) ? typeFunction : undefined,
      reflected,
    };
  } catch {
    return undefined;
  }
}

/** `() => Item`: it has nothing to look at. */
function isConstant(typeFunction: NonNullable<TypeMetadata["typeFunction"]>): boolean {
  return /^\(\s*\)\s*=>/.test(Function.prototype.toString.call(typeFunction));
}

/** Whether decorators write where is read here; a bundler may have taken another build of the package for them. */
function isSharedStorage(): boolean {
  if (shared === undefined) {
    // eslint-disable-next-line @typescript-eslint/no-extraneous-class -- it only carries a decorator
    class Probe {}
    Type(() => Probe)(Probe.prototype, "property");
    shared = storage._typeMetadatas.delete(Probe);
  }
  return shared;
}

let shared: boolean | undefined;
