import { AckError } from "./ack-error.js";
import { ConnectError } from "./connect-error.js";
import {
  assertIsPromise,
  differenceOf,
  headOf,
  isEqual,
  type MatcherContext,
  type MatcherResult,
} from "./matcher-context.js";
import { describeCause } from "./server-log.js";

/** How a promise has ended: with a value, or with an error that says its code. */
type Outcome =
  | { readonly value: unknown; readonly error?: undefined }
  | { readonly error: CodedFailure; readonly value?: undefined };

interface CodedFailure {
  readonly code: string | undefined;
  readonly message: string;
  readonly details: unknown;
  readonly cause?: unknown;
}

export async function toAckWith(
  this: MatcherContext,
  answer: unknown,
  ...expected: [value?: unknown]
): Promise<MatcherResult> {
  const outcome = await outcomeOf(answer, "toAckWith", (error) => AckError.is(error));
  const isAny = expected.length === 0;
  return {
    pass: outcome.error === undefined && (isAny || isEqual(this, outcome.value, expected[0])),
    message: () => {
      const wanted = isAny ? "any value" : this.utils.printExpected(expected[0]);
      const difference = isAny || outcome.error !== undefined ? "" : differenceOf(this, expected[0], outcome.value);
      return `${report(this, ["toAckWith", "answer", "value"], wanted, outcome)}${difference}`;
    },
  };
}

export async function toFailWith(
  this: MatcherContext,
  answer: unknown,
  ...expected: [code: string, details?: unknown]
): Promise<MatcherResult> {
  const outcome = await outcomeOf(answer, "toFailWith", hasCode);
  return judge(this, ["toFailWith", "answer", "code, details"], expected, outcome);
}

export async function toRejectConnect(
  this: MatcherContext,
  connection: unknown,
  ...expected: [code?: string, details?: unknown]
): Promise<MatcherResult> {
  const outcome = await outcomeOf(connection, "toRejectConnect", (error) => ConnectError.is(error));
  return judge(this, ["toRejectConnect", "connection", "code, details"], expected, outcome);
}

function judge(
  context: MatcherContext,
  names: readonly [string, string, string],
  expected: readonly [code?: string, details?: unknown],
  outcome: Outcome,
): MatcherResult {
  const { error } = outcome;
  const [code, details] = expected;
  const hasCode = error !== undefined && (code === undefined || error.code === code);
  return {
    pass: hasCode && (expected.length < 2 || isEqual(context, error.details, details)),
    message: () => {
      const { utils } = context;
      const wanted = code === undefined ? "any error" : expected.map((value) => utils.printExpected(value)).join(", ");
      return report(context, names, wanted, outcome);
    },
  };
}

/** @throws what the promise is rejected with, when it is no answer of the server. */
async function outcomeOf(promise: unknown, matcher: string, isAnswer: (error: unknown) => boolean): Promise<Outcome> {
  assertIsPromise(promise, matcher);
  try {
    return { value: await promise };
  } catch (error) {
    if (!isAnswer(error)) throw error;
    return { error: toFailure(error as Error & { readonly code?: string; readonly details?: unknown }) };
  }
}

function toFailure(error: Error & { readonly code?: string; readonly details?: unknown }): CodedFailure {
  const details = ConnectError.is(error) ? detailsOf(error.data) : error.details;
  return { code: error.code, message: error.message, details, cause: error.cause };
}

/** Gateways put what they say beside code and message of a refusal under `details`. */
function detailsOf(data: unknown): unknown {
  return typeof data === "object" && data !== null ? (data as { readonly details?: unknown }).details : undefined;
}

function hasCode(error: unknown): boolean {
  return error instanceof Error && typeof (error as { readonly code?: unknown }).code === "string";
}

function report(
  context: MatcherContext,
  names: readonly [string, string, string],
  wanted: string,
  outcome: Outcome,
): string {
  return `${headOf(context, names, wanted)}\nReceived: ${describeOutcome(context, names, outcome)}`;
}

function describeOutcome({ utils }: MatcherContext, [, subject]: readonly string[], { value, error }: Outcome): string {
  if (error === undefined) return subject === "connection" ? "a connection" : utils.printReceived(value);
  const { code, message, details, cause } = error;
  const shown = [code ?? "no code", message, ...(details === undefined ? [] : [details])];
  return `the error ${shown.map((part) => utils.printReceived(part)).join(", ")}${describeCause(cause)}`;
}
