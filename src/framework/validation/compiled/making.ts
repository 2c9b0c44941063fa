import type { DtoClass } from "./class-shape.js";
import { generated, type NameOf } from "./code.js";
import { copyOf, isPlain, type Convert, type Make, type Maker } from "./conversion.js";

/** A property that is known before any payload comes. */
export interface MadeProperty {
  readonly property: string;
  /** By `@Type`; without, values are copied. */
  readonly convert: Convert | undefined;
  /** Whether converting takes nothing but the value. */
  readonly isSteady: boolean;
  /** When `@Type` names a class: its function, that class, and who makes its instances. */
  readonly nested: NestedType | undefined;
  /** Whether something of that name is in the way: a method, a getter, or a field that holds a function. */
  readonly isGuarded: boolean;
  /** Whether only the constructor knows what stands there at first. */
  readonly mayBeFunction: boolean;
  /** Whether instances have a value there from the start. */
  readonly isPreset: boolean;
}

export interface NestedType {
  readonly typeFunction: () => unknown;
  readonly type: DtoClass;
  readonly maker: Maker;
  /** Whether a list stays a list, as it does unless the property is declared otherwise. */
  readonly keepsLists: boolean;
}

export interface Making {
  readonly type: DtoClass;
  readonly properties: readonly MadeProperty[];
  /** Fields without a rule, which instances shall not have. */
  readonly strays: readonly string[];
  /** Whether properties are copied of which nothing is known. */
  readonly keepsAll: boolean;
  /** Whether the fields are all there from the start, so that the order of the payload does not show. */
  readonly isFixed: boolean;
}

/** Straight code, where code may be made of text. */
export function makeFor(making: Making): Make {
  return generated<Make>((nameOf) => written(making, nameOf)) ?? interpreted(making);
}

function written(making: Making, nameOf: NameOf): string {
  return `return (source) => {
  const made = new ${nameOf(making.type)}();
  let value;
${making.isFixed ? inFieldOrder(making, nameOf) : inSourceOrder(making, nameOf)}
${withoutStrays(making)}
  return made;
};`;
}

/** A line for each field that has no rule. */
export function withoutStrays({ strays }: Making): string {
  return strays.map((stray) => `  delete made[${JSON.stringify(stray)}];`).join("\n");
}

function inFieldOrder({ properties }: Making, nameOf: NameOf): string {
  const lines = properties.map((property) => {
    const name = JSON.stringify(property.property);
    return `  value = source[${name}];
  if (value !== undefined || Object.hasOwn(source, ${name})) made[${name}] = ${conversion(property, nameOf)};`;
  });
  return lines.join("\n");
}

/** Properties come into being as they are set, which decides about their order. */
function inSourceOrder({ properties, keepsAll }: Making, nameOf: NameOf): string {
  const cases = properties.map((property) => {
    const name = JSON.stringify(property.property);
    const free = property.mayBeFunction ? `if (typeof made[${name}] !== "function") ` : "";
    const set = property.isGuarded
      ? `${nameOf(assign)}(made, key, value, ${nameOf(property.convert ?? copyOf)}, source)`
      : `${free}made[${name}] = ${conversion(property, nameOf)}`;
    return `      case ${name}: value = source[${name}]; ${set}; break;`;
  });
  const rest = keepsAll ? `${nameOf(assign)}(made, key, source[key], ${nameOf(copyOf)}, source)` : "break";
  return `  for (const key of Object.keys(source)) {
    switch (key) {
${cases.join("\n")}
      default: ${rest};
    }
  }`;
}

/** The usual cases where they happen, the rest by a call. */
function conversion({ convert, nested }: MadeProperty, nameOf: NameOf): string {
  if (convert === undefined) return `typeof value === "object" ? ${nameOf(copyOf)}(value) : value`;
  const converted = `${nameOf(convert)}(value, made, source)`;
  if (nested === undefined) return converted;
  const isUsual = `${nameOf(isPlain)}(value) && ${nameOf(nested.typeFunction)}() === ${nameOf(nested.type)}`;
  return `${isUsual} ? ${nameOf(nested.maker)}.make(value) : ${converted}`;
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
