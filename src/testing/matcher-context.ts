import { isThenable } from "../core.js";
import { TestClient } from "./client.js";
import { TestingError } from "./errors.js";

/** Of both values together, printed. */
const SHORT_LENGTH = 160;

type Equals = (a: unknown, b: unknown, customTesters?: readonly unknown[]) => boolean;

/** As much of a matcher's context as is used here; jest and vitest have it in common. */
export interface MatcherContext {
  readonly isNot?: boolean | undefined;
  readonly promise?: string | undefined;
  readonly customTesters?: readonly unknown[];
  readonly equals: Equals;
  readonly utils: {
    readonly iterableEquality?: unknown;
    matcherHint(name: string, received: string, expected: string, options: object): string;
    printExpected(value: unknown): string;
    printReceived(value: unknown): string;
    /** What jest and vitest show of values that are not equal; nothing of some. */
    diff?(expected: unknown, received: unknown): string | null | undefined;
  };
}

export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/** Compares as `toEqual` does, asymmetric matchers and custom testers included. */
export function isEqual(context: MatcherContext, received: unknown, expected: unknown): boolean {
  const { customTesters = [], utils } = context;
  const own = utils.iterableEquality === undefined ? [] : [utils.iterableEquality];
  return context.equals(received, expected, [...customTesters, ...own]);
}

/** What stands above every failure: `expect(client).not.toReceive(event, ...args)` and what was expected. */
export function headOf(
  { utils, isNot = false, promise = "" }: MatcherContext,
  [name, subject, parameters]: readonly [name: string, subject: string, parameters: string],
  expected: string,
): string {
  const hint = utils.matcherHint(name, subject, parameters, { isNot, promise });
  return `${hint}\n\nExpected: ${isNot ? "not " : ""}${expected}`;
}

/** What tells two values apart, a line for each part; empty when they are short enough to be compared at a glance. */
export function differenceOf({ utils, isNot = false }: MatcherContext, expected: unknown, received: unknown): string {
  const length = utils.printExpected(expected).length + utils.printReceived(received).length;
  if (isNot || length < SHORT_LENGTH) return "";
  const difference = utils.diff?.(expected, received) ?? "";
  return difference === "" ? "" : `\n\n${difference}\n`;
}

/** @throws TestingError `TESTING_NOT_A_CLIENT` */
export function assertIsClient(value: unknown, matcher: string): asserts value is TestClient {
  if (TestClient.is(value)) return;
  throw new TestingError("TESTING_NOT_A_CLIENT", { values: { matcher, value: kindOf(value) } });
}

/** @throws TestingError `TESTING_NOT_A_PROMISE` */
export function assertIsPromise(value: unknown, matcher: string): asserts value is PromiseLike<unknown> {
  if (isThenable(value)) return;
  throw new TestingError("TESTING_NOT_A_PROMISE", { values: { matcher, value: kindOf(value) } });
}

function kindOf(value: unknown): string {
  if (isThenable(value)) return "a promise";
  return TestClient.is(value) ? "a client" : typeof value;
}
