/** Accepts only what the validator would accept, and maybe not all of it: what it refuses, the validator decides. */
export type QuickTest = (value: unknown) => boolean;

export const isText: QuickTest = (value) => typeof value === "string";
export const isTruthValue: QuickTest = (value) => typeof value === "boolean";
export const isWhole: QuickTest = (value) => Number.isInteger(value);
export const isList: QuickTest = (value) => Array.isArray(value);
export const isFilledList: QuickTest = (value) => Array.isArray(value) && value.length > 0;
export const isObject: QuickTest = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
export const isValidDate: QuickTest = (value) => value instanceof Date && !Number.isNaN(value.getTime());

/** Finite numbers; only whole ones where the decimal places are counted. */
export function numberTest(options: unknown): QuickTest | undefined {
  const places = ((options ?? {}) as { readonly maxDecimalPlaces?: unknown }).maxDecimalPlaces;
  if (places === undefined) return (value) => Number.isFinite(value);
  return typeof places === "number" && places >= 0 ? (value) => Number.isInteger(value) : undefined;
}

export function atLeast(limit: unknown): QuickTest | undefined {
  return typeof limit === "number" ? (value) => typeof value === "number" && value >= limit : undefined;
}

export function atMost(limit: unknown): QuickTest | undefined {
  return typeof limit === "number" ? (value) => typeof value === "number" && value <= limit : undefined;
}

export function listOfAtLeast(size: unknown): QuickTest | undefined {
  return typeof size === "number" ? (value) => Array.isArray(value) && value.length >= size : undefined;
}

export function listOfAtMost(size: unknown): QuickTest | undefined {
  return typeof size === "number" ? (value) => Array.isArray(value) && value.length <= size : undefined;
}

export function equalTo(other: unknown): QuickTest {
  return (value) => value === other;
}

/** Looks into the list itself, which an application may change. */
export function oneOf(values: unknown): QuickTest | undefined {
  return Array.isArray(values) ? (value) => values.indexOf(value) !== -1 : undefined;
}

export function valueOf(entity: unknown): QuickTest | undefined {
  return oneOf(Object.values(entity as object));
}

/**
 * Texts of the right length whatever their characters count: class-validator counts a surrogate pair as one and a
 * variation selector as none, so a text is never longer than its code units, and at least as long as those below the
 * surrogates.
 */
export function lengthBetween(min: unknown, max: unknown): QuickTest | undefined {
  const least = min ?? 0;
  if (typeof least !== "number" || (max !== undefined && typeof max !== "number")) return undefined;
  const most = max ?? Infinity;
  return (value) => typeof value === "string" && value.length <= most && hasPlainUnits(value, least);
}

function hasPlainUnits(text: string, least: number): boolean {
  if (text.length < least) return false;
  for (let index = 0; index < least; index++) if (text.charCodeAt(index) >= 0xd800) return false;
  return true;
}

/** Global and sticky patterns remember where they stopped; those are left to the validator. */
export function matching(pattern: unknown, flags: unknown): QuickTest | undefined {
  const expression = toExpression(pattern, flags);
  if (expression === undefined || expression.global || expression.sticky) return undefined;
  return (value) => typeof value === "string" && expression.test(value);
}

function toExpression(pattern: unknown, flags: unknown): RegExp | undefined {
  if (pattern instanceof RegExp) return pattern;
  if (typeof pattern !== "string" || (flags !== undefined && typeof flags !== "string")) return undefined;
  try {
    return new RegExp(pattern, flags);
  } catch {
    return undefined;
  }
}

const SHORT_EMAIL = /^[a-z0-9](?:[._+-]?[a-z0-9])*@(?:[a-z0-9](?:-?[a-z0-9])*\.)+[a-z]{2,}$/i;
/** No part of an address can then exceed a limit of its own. */
const SHORT_EMAIL_LENGTH = 63;

/** The addresses that nearly everybody has, under the default options only. */
export function shortEmail(options: unknown): QuickTest | undefined {
  if (options !== undefined) return undefined;
  return (value) => typeof value === "string" && value.length <= SHORT_EMAIL_LENGTH && SHORT_EMAIL.test(value);
}

const RANDOM_UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** Version 4, where that or any version will do. */
export function randomUuid(version: unknown): QuickTest | undefined {
  if (version !== undefined && version !== "all" && version !== "4" && version !== 4) return undefined;
  return (value) => typeof value === "string" && RANDOM_UUID.test(value);
}
