import { isReservedEvent } from "../../core.js";
import { GatewayError } from "../errors.js";
import type { EventRecord } from "../metadata/types.js";
import {
  checkPattern,
  escapeText,
  groupNames,
  isRegExp,
  readGroups,
  toExpression,
  type PatternFault,
  type PatternPart,
} from "./pattern-text.js";

/** How an event of a handler was written: a name, a name with wildcards or parameters, a RegExp, or what nobody handles. */
export type EventKind = "name" | "pattern" | "expression" | "unhandled";

/** One event that a handler is for, or all that a pattern matches. */
export class EventContract {
  readonly kind: EventKind;
  /** The name or the pattern as text; empty for `unhandled`. */
  readonly name: string;
  /** Names of the parts that `@EventParam()` reads, in order; wildcards and groups without a name are counted from 0. */
  readonly params: readonly string[];
  /** Whether other handlers of the same event are meant. */
  readonly isShared: boolean;
  /** What matches a pattern. @internal */
  readonly expression: RegExp | undefined;
  /** By which the more specific one of several patterns is found. @internal */
  readonly parts: readonly PatternPart[];

  constructor(kind: EventKind, name: string, { params = [], expression, parts = [], isShared }: EventDetails) {
    this.kind = kind;
    this.name = name;
    this.params = params;
    this.expression = expression;
    this.parts = parts;
    this.isShared = isShared;
  }

  /** What the parts of the pattern stand for in the name of an event that matches. */
  read(event: string): Readonly<Record<string, string>> {
    return (this.expression === undefined ? undefined : readGroups(this.expression, this.params, event)) ?? NO_PARAMS;
  }

  toJSON(): Pick<EventContract, "kind" | "name" | "params" | "isShared"> {
    const { kind, name, params, isShared } = this;
    return { kind, name, params, isShared };
  }
}

interface EventDetails {
  readonly params?: readonly string[];
  readonly expression?: RegExp;
  readonly parts?: readonly PatternPart[];
  readonly isShared: boolean;
}

/** For events without a pattern. */
export const NO_PARAMS: Readonly<Record<string, string>> = Object.freeze(Object.create(null) as Record<string, string>);

/**
 * @param event - as its decorator recorded it.
 * @param where - the handler, for errors.
 * @throws GatewayError `GATEWAY_RESERVED_EVENT` and `GATEWAY_BAD_EVENT`.
 */
export function toEventContract(event: EventRecord, where: string): EventContract {
  const { isShared } = event;
  if (event.kind === "unhandled") return new EventContract("unhandled", "", { isShared });
  const { pattern } = event;
  checkPattern({ pattern, where }, "GATEWAY_BAD_EVENT", faultOf);
  if (isRegExp(pattern)) {
    const params = groupNames(pattern);
    return new EventContract("expression", String(pattern), { params, expression: pattern, isShared });
  }
  if (isReservedEvent(pattern)) {
    throw new GatewayError("GATEWAY_RESERVED_EVENT", { values: { where, event: pattern } });
  }
  return isPattern(pattern) ? fromText(pattern, isShared) : new EventContract("name", pattern, { isShared });
}

/** `*` or `**` between separators, or `:id` between slashes. */
const WILDCARD = /(?<=^|[:/.])\*{1,2}(?=$|[:/.])|(?<=\/):[A-Za-z_$][\w$]*(?=$|\/)/;

function isPattern(event: string): boolean {
  return event.includes("*") || event.includes("/:");
}

function fromText(name: string, isShared: boolean): EventContract {
  const params: string[] = [];
  let wildcards = 0;
  const toPart = (text: string, index: number): PatternPart => {
    // Between the texts stands what the group of the separator matched.
    if (index % 2 === 0) return { kind: "text", source: escapeText(text) };
    params.push(text.startsWith(":") ? text.slice(1) : String(wildcards++));
    if (text === "**") return { kind: "rest", source: "([^]+)" };
    return { kind: "one", source: text === "*" ? "([^:/.]+)" : "([^/]+)" };
  };
  const parts = name
    .split(new RegExp(`(${WILDCARD.source})`))
    .map(toPart)
    .filter(({ source }) => source !== "");
  return new EventContract("pattern", name, { params, expression: toExpression(parts), parts, isShared });
}

function faultOf(pattern: unknown): PatternFault | undefined {
  if (typeof pattern !== "string" || pattern === "") {
    return { problem: "is neither a name nor a RegExp", mend: 'Write a name such as "message:send".' };
  }
  const rest = pattern.replaceAll(new RegExp(WILDCARD, "g"), "");
  if (rest.includes("*")) {
    return {
      problem: "has a wildcard that is no whole part",
      mend: 'Put "*" alone between ":", "/" or ".", as in "order:*", or write a RegExp.',
    };
  }
  if (rest.includes("/:")) {
    return {
      problem: "has a parameter that is no whole part",
      mend: 'Write parameters as letters, digits and underscores between slashes, as in "order/:id".',
    };
  }
  if (/\*\*./.test(pattern)) {
    return { problem: 'goes on after "**"', mend: 'Put "**", which stands for all that follows, last.' };
  }
  const names = pattern.match(/(?<=\/):[\w$]+/g) ?? [];
  return new Set(names).size === names.length
    ? undefined
    : { problem: "has a parameter twice", mend: "Give each parameter a name of its own." };
}
