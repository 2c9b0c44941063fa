import { refusal, type GatewayException, type ValidationIssue } from "../client-errors.js";
import type { Failure } from "./compiled/failure.js";
import { inArgument } from "./issues.js";
import type { ValidationOptions } from "./options.js";

const DEFAULT_MAX_ISSUES = 100;
const DEFAULT_MAX_MESSAGE_LENGTH = 1_000;

/** How much a client is told of what it sent. */
export type IssueLimits = Pick<ValidationOptions, "maxIssues" | "maxMessageLength">;

/** Of how many things a client is told at once. */
export function maxIssuesOf({ maxIssues = DEFAULT_MAX_ISSUES }: IssueLimits): number {
  return maxIssues;
}

/** Collects what a client is told about a payload, bounded: names of properties, and what is wrong, are up to the client. */
export class IssueList {
  readonly #issues: ValidationIssue[] = [];
  readonly #argument: number | undefined;
  readonly #maxIssues: number;
  readonly #maxLength: number;

  constructor(argument: number | undefined, limits: IssueLimits) {
    this.#argument = argument;
    this.#maxIssues = maxIssuesOf(limits);
    this.#maxLength = limits.maxMessageLength ?? DEFAULT_MAX_MESSAGE_LENGTH;
  }

  /** What to throw; `undefined` when nothing is wrong. */
  get refusal(): GatewayException | undefined {
    return this.#issues.length === 0 ? undefined : refusal(this.#issues);
  }

  get isFull(): boolean {
    return this.#issues.length >= this.#maxIssues;
  }

  /** Flattens failures; those that came to nothing are left out. */
  addFailures(failures: readonly Failure[], path: string, isList: boolean): void {
    for (const failure of failures) {
      if (this.isFull) return;
      const place = placeIn(path, failure.property, isList);
      if (failure.hasConstraints) this.add(place, failure.constraints);
      this.addFailures(failure.children, place, failure.isList);
    }
  }

  add(path: string, constraints: Readonly<Record<string, string>>): void {
    if (this.isFull) return;
    const issue = { path: this.#bounded(path), constraints: this.#boundedAll(constraints) };
    this.#issues.push(inArgument(issue, this.#argument));
  }

  #boundedAll(messages: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    for (const rule in messages) {
      if (this.#isTooLong(messages[rule])) {
        return Object.fromEntries(Object.entries(messages).map(([name, text]) => [name, this.#bounded(text)]));
      }
    }
    return messages;
  }

  #bounded(text: string): string {
    return this.#isTooLong(text) ? `${text.slice(0, this.#maxLength)}…` : text;
  }

  /** Validators may leave out their message. */
  #isTooLong(text: string | undefined): boolean {
    return text !== undefined && text.length > this.#maxLength;
  }
}

/** @param property - missing when class-validator speaks of the whole object. */
export function placeIn(path: string, property: PropertyKey | undefined, isItem: boolean): string {
  if (property === undefined) return path;
  const name = String(property);
  if (isItem) return `${path}[${name}]`;
  return path === "" ? name : `${path}.${name}`;
}
