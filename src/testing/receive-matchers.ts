import type { TestClient } from "./client.js";
import type { ReceivedEvent } from "./mailbox.js";
import {
  assertIsClient,
  differenceOf,
  headOf,
  isEqual,
  type MatcherContext,
  type MatcherResult,
} from "./matcher-context.js";
import { describeLog } from "./server-log.js";

/** The event that a test expects, and its arguments if it says any. */
type Expected = readonly [event: string, ...args: unknown[]];

/** So many received events are shown: the last, of which the expected one is likely to be near. */
const SHOWN_EVENTS = 30;

export async function toReceive(this: MatcherContext, client: unknown, ...expected: Expected): Promise<MatcherResult> {
  assertIsClient(client, "toReceive");
  const received = await client.receive((candidate) => isSuch(this, candidate, expected));
  return {
    pass: received !== undefined,
    message: () => {
      // One that has come has been waited for no longer.
      const end = received === undefined ? `\n${outlook(client)}` : "";
      return `${report(this, ["toReceive", expected], client, received)}${end}${describeLog(client.serverLog)}`;
    },
  };
}

export function toHaveReceived(this: MatcherContext, client: unknown, ...expected: Expected): MatcherResult {
  assertIsClient(client, "toHaveReceived");
  const received = client.inbox.find((candidate) => isSuch(this, candidate, expected));
  return {
    pass: received !== undefined,
    message: () => `${report(this, ["toHaveReceived", expected], client, received)}${describeLog(client.serverLog)}`,
  };
}

function isSuch(context: MatcherContext, { event, args }: ReceivedEvent, [name, ...expected]: Expected): boolean {
  return event === name && (expected.length === 0 || isEqual(context, args, expected));
}

/** @param found - what was expected, or expected not to come. */
function report(
  context: MatcherContext,
  [matcher, expected]: readonly [string, Expected],
  { inbox }: TestClient,
  found: ReceivedEvent | undefined,
): string {
  const { utils } = context;
  const wanted = expected.map((value) => utils.printExpected(value)).join(", ");
  const shown = inbox.slice(-SHOWN_EVENTS).map((entry) => {
    const values = [entry.event, ...entry.args].map((value) => utils.printReceived(value)).join(", ");
    return `\n  ${values}${entry.isTaken && entry !== found ? " (taken)" : ""}`;
  });
  const left = inbox.length - shown.length;
  const list = inbox.length === 0 ? " nothing" : `${left > 0 ? `\n  … ${left} before` : ""}${shown.join("")}`;
  const head = headOf(context, [matcher, "client", "event, ...args"], wanted);
  return `${head}\nReceived:${list}${found === undefined ? difference(context, expected, inbox) : ""}`;
}

/** From the last event of that name, when arguments were expected of it. */
function difference(context: MatcherContext, [name, ...expected]: Expected, inbox: readonly ReceivedEvent[]): string {
  const last = inbox.findLast(({ event, isTaken }) => event === name && !isTaken);
  return last === undefined || expected.length === 0 ? "" : differenceOf(context, expected, last.args);
}

function outlook({ disconnectReason }: TestClient): string {
  return disconnectReason === undefined
    ? "Everything had come to rest."
    : `The client was disconnected: ${disconnectReason}.`;
}
