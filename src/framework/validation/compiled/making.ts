import type { DtoClass } from "./class-shape.js";
import { copyOf, isPlain, type Convert, type Make, type Maker } from "./conversion.js";
import { compiled } from "./unrolled.js";

/** A property that is known before any payload comes. */
export interface MadeProperty {
  readonly property: string;
  /** By `@Type`; without, values are copied. */
  readonly convert: Convert | undefined;
  /** When `@Type` names a class: its function, that class, and who makes its instances. */
  readonly nested: NestedType | undefined;
  /** Whether something of that name is in the way: a method, a getter, or a field that holds a function. */
  readonly isGuarded: boolean;
  /** Whether only the constructor knows what stands there at first. */
  readonly mayBeFunction: boolean;
}

export interface NestedType {
  readonly typeFunction: () => unknown;
  readonly type: unknown;
  readonly maker: Maker;
}

export interface Making {
  readonly type: DtoClass;
  readonly properties: readonly MadeProperty[];
  /** Fields without a rule, which instances shall not have. */
  readonly strays: readonly string[];
  /** Whether properties are copied of which nothing is known. */
  readonly keepsAll: boolean;
}

/** For classes whose fields are all there from the start, so that the order of the payload does not show. */
export function inFieldOrder(making: Making): Make {
  const lines = making.properties.map((property, index) => {
    const name = JSON.stringify(property.property);
    return `  value = source[${name}];
  if (value !== undefined || Object.hasOwn(source, ${name})) made[${name}] = ${conversion(property, index)};`;
  });
  return written(making, lines.join("\n")) ?? interpreted(making);
}

/** For classes whose fields come into being as they are set, which decides about their order. */
export function inSourceOrder(making: Making): Make {
  const cases = making.properties.map((property, index) => {
    const name = JSON.stringify(property.property);
    const free = property.mayBeFunction ? `if (typeof made[${name}] !== "function") ` : "";
    const set = property.isGuarded
      ? `assign(made, key, value, c${index}, source)`
      : `${free}made[${name}] = ${conversion(property, index)}`;
    return `      case ${name}: value = source[${name}]; ${set}; break;`;
  });
  const rest = making.keepsAll ? "assign(made, key, source[key], copyOf, source)" : "break";
  const lines = `  for (const key of Object.keys(source)) {
    switch (key) {
${cases.join("\n")}
      default: ${rest};
    }
  }`;
  return written(making, lines) ?? interpreted(making);
}

/** The usual cases where they happen, the rest by a call. */
function conversion({ convert, nested }: MadeProperty, index: number): string {
  if (convert === undefined) return `typeof value === "object" ? c${index}(value) : value`;
  if (nested === undefined) return `c${index}(value, made, source)`;
  return `isPlain(value) && n${index}.typeFunction() === n${index}.type ? n${index}.maker.make(value) : c${index}(value, made, source)`;
}

/** Straight code, for the same reason as the checks; its text holds names of properties, as JSON, and nothing else. */
function written({ type, properties, strays }: Making, lines: string): Make | undefined {
  const body = `"use strict";
${properties.map((_property, index) => `const c${index} = converters[${index}], n${index} = nested[${index}];`).join("\n")}
return (source) => {
  const made = new Type();
  let value;
${lines}
${strays.map((stray) => `  delete made[${JSON.stringify(stray)}];`).join("\n")}
  return made;
};`;
  const converters = properties.map(({ convert }) => convert ?? copyOf);
  const nested = properties.map((property) => property.nested);
  const parameters = { Type: type, converters, nested, assign, copyOf, isPlain };
  const make = compiled(body, ...Object.keys(parameters)) as ((...values: unknown[]) => Make) | undefined;
  return make?.(...Object.values(parameters));
}

function interpreted({ type, properties, strays, keepsAll }: Making): Make {
  const converters = new Map(properties.map(({ property, convert }) => [property, convert ?? copyOf]));
  return (source) => {
    const made = new type();
    for (const [key, value] of Object.entries(source)) {
      const convert = converters.get(key) ?? (keepsAll ? copyOf : undefined);
      if (convert !== undefined) assign(made, key, value, convert, source);
    }
    for (const stray of strays) Reflect.deleteProperty(made, stray);
    return made;
  };
}

/** Sets a property unless a method, a getter or a function has its name. */
// eslint-disable-next-line @typescript-eslint/max-params -- an options object per property would cost more than the rest
function assign(made: object, key: string, value: unknown, convert: Convert, source: object): void {
  if (key === "__proto__" || key === "constructor") return;
  const own = Object.getOwnPropertyDescriptor(made.constructor.prototype as object, key);
  const record = made as Record<string, unknown>;
  if ((own !== undefined && own.set === undefined) || typeof record[key] === "function") return;
  record[key] = convert(value, made, source);
}
