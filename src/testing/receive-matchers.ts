import type { TestClient } from "./client.js";
import type { ReceivedEvent } from "./mailbox.js";
import { assertIsClient, headOf, isEqual, type MatcherContext, type MatcherResult } from "./matcher-context.js";
import { describeLog } from "./server-log.js";

/** The event that a test expects, and its arguments if it says any. */
type Expected = readonly [event: string, ...args: unknown[]];

export async function toReceive(this: MatcherContext, client: unknown, ...expected: Expected): Promise<MatcherResult> {
  assertIsClient(client, "toReceive");
  const received = await client.receive((candidate) => isSuch(this, candidate, expected));
  return {
    pass: received !== undefined,
    message: () => `${report(this, "toReceive", expected, client)}\n${outlook(client)}${describeLog(client.serverLog)}`,
  };
}

export function toHaveReceived(this: MatcherContext, client: unknown, ...expected: Expected): MatcherResult {
  assertIsClient(client, "toHaveReceived");
  return {
    pass: client.inbox.some((candidate) => isSuch(this, candidate, expected)),
    message: () => `${report(this, "toHaveReceived", expected, client)}${describeLog(client.serverLog)}`,
  };
}

function isSuch(context: MatcherContext, { event, args }: ReceivedEvent, [name, ...expected]: Expected): boolean {
  return event === name && (expected.length === 0 || isEqual(context, args, expected));
}

function report(context: MatcherContext, matcher: string, expected: Expected, client: TestClient): string {
  const { utils } = context;
  const wanted = expected.map((value) => utils.printExpected(value)).join(", ");
  const received = client.inbox.map(({ event, args, isTaken }) => {
    const values = [event, ...args].map((value) => utils.printReceived(value)).join(", ");
    return `\n  ${values}${isTaken ? " (taken)" : ""}`;
  });
  const list = received.length === 0 ? " nothing" : received.join("");
  return `${headOf(context, [matcher, "client", "event, ...args"], wanted)}\nReceived:${list}`;
}

function outlook({ disconnectReason }: TestClient): string {
  return disconnectReason === undefined
    ? "Everything had come to rest."
    : `The client was disconnected: ${disconnectReason}.`;
}
