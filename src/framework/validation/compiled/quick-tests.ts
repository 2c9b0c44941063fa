import type { NameOf } from "./code.js";
import { isCollection } from "./failure.js";

/**
 * Writes an expression that is true only for what the validator would accept, and maybe not for all of that: what it is
 * false for, the validator decides.
 *
 * @param value - the variable that holds the value.
 */
export type QuickTest = (value: string, nameOf: NameOf) => string;

export const isText: QuickTest = (value) => `typeof ${value} === "string"`;
export const isTruthValue: QuickTest = (value) => `typeof ${value} === "boolean"`;
export const isWhole: QuickTest = (value) => `Number.isInteger(${value})`;
export const isList: QuickTest = (value) => `Array.isArray(${value})`;
export const isFilledList: QuickTest = (value) => `Array.isArray(${value}) && ${value}.length > 0`;
export const isObject: QuickTest = (value) =>
  `typeof ${value} === "object" && ${value} !== null && !Array.isArray(${value})`;
export const isValidDate: QuickTest = (value) => `${value} instanceof Date && !Number.isNaN(${value}.getTime())`;

/** Finite numbers; only whole ones where the decimal places are counted. */
export function numberTest(options: unknown): QuickTest | undefined {
  const places = ((options ?? {}) as { readonly maxDecimalPlaces?: unknown }).maxDecimalPlaces;
  if (places === undefined) return (value) => `Number.isFinite(${value})`;
  return typeof places === "number" && places >= 0 ? isWhole : undefined;
}

export function atLeast(limit: unknown): QuickTest | undefined {
  return typeof limit === "number" ? (value) => `typeof ${value} === "number" && ${value} >= ${limit}` : undefined;
}

export function atMost(limit: unknown): QuickTest | undefined {
  return typeof limit === "number" ? (value) => `typeof ${value} === "number" && ${value} <= ${limit}` : undefined;
}

export function listOfAtLeast(size: unknown): QuickTest | undefined {
  return typeof size === "number" ? (value) => `Array.isArray(${value}) && ${value}.length >= ${size}` : undefined;
}

export function listOfAtMost(size: unknown): QuickTest | undefined {
  return typeof size === "number" ? (value) => `Array.isArray(${value}) && ${value}.length <= ${size}` : undefined;
}

export function equalTo(other: unknown): QuickTest {
  return (value, nameOf) => `${value} === ${nameOf(other)}`;
}

/** Looks into the list itself, which an application may change. */
export function oneOf(values: unknown): QuickTest | undefined {
  return Array.isArray(values) ? (value, nameOf) => `${nameOf(values)}.indexOf(${value}) !== -1` : undefined;
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
  return (value, nameOf) => {
    const notLonger = max === undefined ? "" : ` && ${value}.length <= ${max}`;
    const notShorter = least <= 0 ? "" : ` && ${shortest(least, value, nameOf)}`;
    return `typeof ${value} === "string"${notLonger}${notShorter}`;
  };
}

function shortest(least: number, value: string, nameOf: NameOf): string {
  return least === 1 ? `${value}.charCodeAt(0) < ${SURROGATES}` : `${nameOf(hasPlainUnits)}(${value}, ${least})`;
}

const SURROGATES = 0xd800;

function hasPlainUnits(text: string, least: number): boolean {
  if (text.length < least) return false;
  for (let index = 0; index < least; index++) if (text.charCodeAt(index) >= SURROGATES) return false;
  return true;
}

/** Global and sticky patterns remember where they stopped; those are left to the validator. */
export function matching(pattern: unknown, flags: unknown): QuickTest | undefined {
  const expression = toExpression(pattern, flags);
  if (expression === undefined || expression.global || expression.sticky) return undefined;
  return textMatching(expression);
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

/** A text, of a limited length where the pattern alone does not decide. */
function textMatching(expression: RegExp, maxLength?: number): QuickTest {
  return (value, nameOf) => {
    const short = maxLength === undefined ? "" : ` && ${value}.length <= ${maxLength}`;
    return `typeof ${value} === "string"${short} && ${nameOf(expression)}.test(${value})`;
  };
}

const EMAIL =
  /^[\w!#$%&'*+\-/=?^`{|}~]+(?:\.[\w!#$%&'*+\-/=?^`{|}~]+)*@(?:[a-zA-Z0-9]+(?:-+[a-zA-Z0-9]+)*\.)+(?:[a-zA-Z]{2,}|[xX][nN][a-zA-Z0-9-]+[a-zA-Z0-9])$/;
/** No part of an address can then exceed a limit of its own. */
const SHORT_EMAIL_LENGTH = 63;

/** The addresses that nearly everybody has, under the default options only. */
export function shortEmail(options: unknown): QuickTest | undefined {
  return options === undefined ? textMatching(EMAIL, SHORT_EMAIL_LENGTH) : undefined;
}

/** Quotes have rules of their own, and so have letters of other scripts. */
const PLAIN_TEXT = /^[^"\u0080-\uffff]*$/;

/**
 * What is no address for sure: of short texts without quotes and in ASCII, the pattern knows them all. To find out
 * otherwise takes as long as everything else about a payload.
 */
export function noEmail(options: unknown): ((value: unknown) => boolean) | undefined {
  if (options !== undefined) return undefined;
  return (value) => {
    if (typeof value !== "string") return true;
    return value.length <= SHORT_EMAIL_LENGTH && PLAIN_TEXT.test(value) && !EMAIL.test(value);
  };
}

const RANDOM_UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** Version 4, where that or any version will do. */
export function randomUuid(version: unknown): QuickTest | undefined {
  if (version !== undefined && version !== "all" && version !== "4" && version !== 4) return undefined;
  return textMatching(RANDOM_UUID);
}

/** Each item of a list. */
export function eachOf(test: QuickTest): QuickTest {
  return (value, nameOf) => {
    const items = `${nameOf(every)}(${value}, (item) => ${test("item", nameOf)})`;
    // Sets and maps are rare: the validator decides about them.
    return `(Array.isArray(${value}) ? ${items} : !${nameOf(isCollection)}(${value}) && ${test(value, nameOf)})`;
  };
}

function every(items: readonly unknown[], accepts: (item: unknown) => boolean): boolean {
  for (const item of items) if (!accepts(item)) return false;
  return true;
}
