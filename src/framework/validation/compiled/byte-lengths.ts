import type { ExposeMetadata, TypeMetadata } from "class-transformer";
import { defaultMetadataStorage as storage } from "class-transformer/cjs/storage.js";
import { isClass, type Class } from "../../contracts/class.js";
import { propertyType } from "../../metadata/store.js";
import { saysLength, TooManyBytes } from "./conversion.js";

/** The properties of a class whose types, as declared, decide what becomes of their values: none without implicit conversion. */
export type ImplicitOf = (type: Class) => readonly string[];

/** The names, in payloads for a class, of what class-transformer makes binary data of, in whatever is nested too. */
export function binaryNames(type: unknown, implicitOf: ImplicitOf): ReadonlySet<string> {
  const names = new Set<string>();
  for (const reached of reachedFrom(type, implicitOf)) {
    for (const [property, named] of typesIn(reached, implicitOf)) {
      if (named !== Buffer) continue;
      const exposed = storage._exposeMetadatas.get(reached)?.get(property) as ExposeMetadata | undefined;
      names.add(exposed?.options.name ?? property);
    }
  }
  return names;
}

/**
 * Of an object that says how long it is, class-transformer makes as many bytes: `{ "length": 4e9 }` would take the process
 * its memory.
 *
 * @throws TooManyBytes when there is one under any of the names.
 */
export function checkByteLengths(value: unknown, names: ReadonlySet<string>): void {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return;
  for (const [key, item] of Object.entries(value)) {
    if (names.has(key) && holdsLength(item)) throw new TooManyBytes();
    checkByteLengths(item, names);
  }
}

function holdsLength(value: unknown): boolean {
  return Array.isArray(value) ? value.some(holdsLength) : saysLength(value);
}

/** The class, what it extends, and the classes that are named in any of them. */
function reachedFrom(type: unknown, implicitOf: ImplicitOf, reached = new Set<Class>()): ReadonlySet<Class> {
  if (!isClass(type) || reached.has(type)) return reached;
  reached.add(type);
  reachedFrom(Object.getPrototypeOf(type), implicitOf, reached);
  for (const [, named] of typesIn(type, implicitOf)) reachedFrom(named, implicitOf, reached);
  return reached;
}

/** Which types a class names for which of its properties. */
function typesIn(type: Class, implicitOf: ImplicitOf): readonly (readonly [property: string, named: unknown])[] {
  const explicit = [...(storage._typeMetadatas.get(type) ?? [])].flatMap(([property, metadata]) => {
    const others = metadata.options.discriminator?.subTypes.map(({ value }) => value as unknown) ?? [];
    return [typeNamedBy(metadata), ...others].map((named) => [property, named] as const);
  });
  return [...explicit, ...implicitOf(type).map((property) => [property, propertyType(type, property)] as const)];
}

function typeNamedBy({ reflectedType, typeFunction }: Partial<TypeMetadata>): unknown {
  try {
    return typeFunction === undefined ? reflectedType : typeFunction();
  } catch {
    // It looks at the object, of which there is none yet.
    return undefined;
  }
}
