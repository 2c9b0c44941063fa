import { TestClient } from "./client.js";
import { TestingError } from "./errors.js";
import type { ReceivedEvent } from "./mailbox.js";

/** As much of a matcher's context as is used here; jest and vitest have it in common. */
interface MatcherContext {
  readonly isNot?: boolean | undefined;
  readonly promise?: string | undefined;
  equals(a: unknown, b: unknown): boolean;
  readonly utils: {
    matcherHint(name: string, received: string, expected: string, options: object): string;
    printExpected(value: unknown): string;
    printReceived(value: unknown): string;
  };
}

interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/** The event that a test expects, and its arguments if it says any. */
type Expected = readonly [event: string, ...args: unknown[]];

/** What a test can say of a client in the words of `expect`. */
export interface ClientMatchers<R> {
  /**
   * Takes the earliest `event` with these arguments that has not been taken, or waits for it. Arguments are compared as by
   * `toEqual`; when none are given, any will do.
   *
   * Fails, and `.not` passes, when the client is disconnected or everything has come to rest without it. What a handler
   * starts and does not await (a timer, a query) is not waited for: await `client.next(event)` for what comes of that.
   */
  toReceive(event: string, ...args: unknown[]): Promise<void>;
  /** Whether the client has received such an event so far, taken or not; never waits. */
  toHaveReceived(event: string, ...args: unknown[]): R;
}

/**
 * The matchers, for `expect.extend()` where `expect` is no global: with `injectGlobals: false` in jest, and by default in
 * vitest. Elsewhere importing `rookery/testing` is enough.
 */
export const clientMatchers = {
  async toReceive(this: MatcherContext, client: unknown, ...expected: Expected): Promise<MatcherResult> {
    assertIsClient(client, "toReceive");
    const received = await client.receive((candidate) => isSuch(this, candidate, expected));
    return {
      pass: received !== undefined,
      message: () => `${report(this, "toReceive", expected, client)}\n${outlook(client)}${log(client)}`,
    };
  },

  toHaveReceived(this: MatcherContext, client: unknown, ...expected: Expected): MatcherResult {
    assertIsClient(client, "toHaveReceived");
    return {
      pass: client.inbox.some((candidate) => isSuch(this, candidate, expected)),
      message: () => `${report(this, "toHaveReceived", expected, client)}${log(client)}`,
    };
  },
};

function assertIsClient(value: unknown, matcher: string): asserts value is TestClient {
  if (TestClient.is(value)) return;
  const kind = value instanceof Promise ? "a promise" : typeof value;
  throw new TestingError("TESTING_NOT_A_CLIENT", { values: { matcher, value: kind } });
}

function isSuch(context: MatcherContext, { event, args }: ReceivedEvent, [name, ...expected]: Expected): boolean {
  return event === name && (expected.length === 0 || context.equals(args, expected));
}

function report(context: MatcherContext, matcher: string, expected: Expected, client: TestClient): string {
  const { utils, isNot = false, promise = "" } = context;
  const hint = utils.matcherHint(matcher, "client", "event, ...args", { isNot, promise });
  const wanted = expected.map((value) => utils.printExpected(value)).join(", ");
  const received = client.inbox.map(({ event, args, isTaken }) => {
    const values = [event, ...args].map((value) => utils.printReceived(value)).join(", ");
    return `\n  ${values}${isTaken ? " (taken)" : ""}`;
  });
  const list = received.length === 0 ? " nothing" : received.join("");
  return `${hint}\n\nExpected: ${isNot ? "not " : ""}${wanted}\nReceived:${list}`;
}

function outlook({ disconnectReason }: TestClient): string {
  return disconnectReason === undefined
    ? "Everything had come to rest."
    : `The client was disconnected: ${disconnectReason}.`;
}

/** What went wrong in the server is likely to be why. */
function log({ serverLog }: TestClient): string {
  const lines = serverLog
    .filter(({ level }) => level === "warn" || level === "error")
    .map(({ level, message, fields: { error } }) => {
      const cause = error instanceof Error ? (error.stack ?? error.message) : "";
      return `\n  ${level}: ${message}${cause === "" ? "" : `\n    ${cause.replaceAll("\n", "\n    ")}`}`;
    });
  return lines.length === 0 ? "" : `\nThe server logged:${lines.join("")}`;
}
