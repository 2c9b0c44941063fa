import { types } from "node:util";
import { GatewayError } from "../errors.js";

/** What is wrong with a pattern, and what to write instead. */
export interface PatternFault {
  readonly problem: string;
  readonly mend: string;
}

/** A pattern as its decorator recorded it, and what it stands on, for errors. */
export interface GivenPattern {
  readonly pattern: unknown;
  readonly where: string;
}

/**
 * Refuses what cannot be a pattern.
 *
 * @param faultOfText - what is wrong with one that is no RegExp.
 * @throws GatewayError `code`
 */
export function checkPattern(
  given: GivenPattern,
  code: "GATEWAY_BAD_EVENT" | "GATEWAY_BAD_NAMESPACE",
  faultOfText: (pattern: unknown) => PatternFault | undefined,
): void {
  const { pattern, where } = given;
  const fault = isRegExp(pattern) ? expressionFault(pattern) : faultOfText(pattern);
  if (fault === undefined) return;
  const shown = typeof pattern === "string" ? JSON.stringify(pattern) : String(pattern);
  throw new GatewayError(code, { values: { where, pattern: shown, ...fault } });
}

/** One part of a written pattern: its text, or what stands for any text. */
export interface PatternPart {
  readonly kind: "text" | "one" | "rest";
  /** The RegExp source that matches it. */
  readonly source: string;
}

/** The RegExp that matches whole names of these parts; each of them ends where the next begins, so it is linear. */
export function toExpression(parts: readonly PatternPart[]): RegExp {
  return new RegExp(`^${parts.map(({ source }) => source).join("")}$`);
}

/** Puts the more specific of two patterns first: text before what stands for one part, that before the rest. */
export function bySpecificity(a: readonly PatternPart[], b: readonly PatternPart[]): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const difference = rank(a[index]) - rank(b[index]);
    if (difference !== 0) return difference;
  }
  return b.length - a.length;
}

const RANKS = { text: 0, one: 1, rest: 2 } as const;

function rank(part: PatternPart | undefined): number {
  return part === undefined ? RANKS.rest : RANKS[part.kind];
}

/** Names of the groups of a RegExp in order: their own, or else their number, counted from 0 among those without a name. */
export function groupNames({ source }: RegExp): readonly string[] {
  let unnamed = 0;
  const classesAndEscapes = /\\.|\[(?:\\.|[^\]\\])*\]/g;
  const groups = source.replace(classesAndEscapes, "").matchAll(/\((?!\?)|\(\?<(?![=!])([^>]+)>/g);
  return [...groups].map(([, name]) => name ?? String(unnamed++));
}

/** Why a RegExp cannot be a pattern. */
function expressionFault(pattern: RegExp): PatternFault | undefined {
  if (!pattern.global && !pattern.sticky) return undefined;
  return {
    problem: "is stateful: it would match every other time",
    mend: "Leave out the flags g and y.",
  };
}

/** Also of RegExps of another realm, as in jest. */
export function isRegExp(value: unknown): value is RegExp {
  return types.isRegExp(value);
}

export function escapeText(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

/** What the groups of a match stand for, by name; groups that took no part are left out. */
export function readGroups(
  expression: RegExp,
  names: readonly string[],
  text: string,
): Readonly<Record<string, string>> | undefined {
  const match = expression.exec(text);
  if (match === null) return undefined;
  const values = Object.create(null) as Record<string, string>;
  names.forEach((name, index) => {
    const value = match[index + 1];
    if (value !== undefined) values[name] = value;
  });
  return values;
}
