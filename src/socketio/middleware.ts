import { isThenable, messageOf } from "../common/index.js";
import { SocketError } from "./errors.js";

/** Goes on to the next middleware, or stops with an error. Counts once. */
export type Next = (error?: Error) => void;

/** How a chain ended: `threw` tells a middleware's refusal (its text is for the client) from its fault (it is not). */
export interface Refused {
  readonly error: Error;
  readonly threw: boolean;
}

type ChainLink<Subject> = (subject: Subject, next: Next) => unknown;

/** Who hears how a chain goes. */
export interface ChainObserver {
  /** Called once; with nothing when all let the subject pass. */
  readonly done: (refused?: Refused) => void;
  /** A middleware threw or rejected after it had called `next`: the chain has gone on without it. */
  readonly onLateError: (error: unknown) => void;
}

/**
 * Runs middlewares one after another, at once where they answer at once.
 *
 * @param subject - what each of them looks at: a socket, or an event.
 */
export function runChain<Subject>(
  middlewares: readonly ChainLink<Subject>[],
  subject: Subject,
  observer: ChainObserver,
): void {
  // The list as it is now: middlewares added meanwhile are for later subjects.
  runFrom(0, middlewares.slice(), subject, observer);
}

function runFrom<Subject>(
  index: number,
  chain: readonly ChainLink<Subject>[],
  subject: Subject,
  observer: ChainObserver,
): void {
  const middleware = chain[index];
  if (middleware === undefined) {
    observer.done();
    return;
  }
  const done = (refused?: Refused): void => {
    if (refused === undefined) runFrom(index + 1, chain, subject, observer);
    else observer.done(refused);
  };
  callOnce(middleware, subject, { done, onLateError: observer.onLateError });
}

/** The first of `next`, throw and rejection counts. */
function callOnce<Subject>(
  middleware: ChainLink<Subject>,
  subject: Subject,
  { done, onLateError }: ChainObserver,
): void {
  let answered = false;
  const settle = (refused?: Refused): void => {
    if (answered) {
      if (refused?.threw === true) onLateError(refused.error);
      return;
    }
    answered = true;
    done(refused);
  };
  try {
    const result = middleware(subject, (error) => {
      settle(error ? { error: toError(error), threw: false } : undefined);
    });
    if (isThenable(result)) {
      result.then(undefined, (error: unknown) => {
        settle({ error: toError(error), threw: true });
      });
    }
  } catch (error) {
    settle({ error: toError(error), threw: true });
  }
}

/** `next("text")` and thrown values of any kind count as errors with that text. */
function toError(value: unknown): Error {
  if (hasMessage(value)) return value;
  return new SocketError("SOCKET_REFUSED", { values: { detail: messageOf(value) } });
}

function hasMessage(value: unknown): value is Error {
  try {
    return typeof value === "object" && value !== null && "message" in value && typeof value.message === "string";
  } catch {
    // A getter, or a proxy: what cannot be looked at says nothing.
    return false;
  }
}
