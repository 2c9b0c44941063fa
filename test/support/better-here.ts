import { isReference } from "./peer.js";

const PROCESS_ENDS = "the process ends";

/** Where Rookery is better than `socket.io` on purpose: the test of that name, and what `socket.io` does instead. */
const BETTER_HERE = {
  "an event without data": "accepted",
  "an event without data but with an id": "accepted",
  "a space for a type": "read as CONNECT",
  "a space before the arguments": "read as acknowledgement id 0",
  "a number of attachments with an exponent": "accepted",
  "a fractional placeholder": "accepted, the argument is undefined",
  "refuses an unsupported protocol version before it upgrades": "101 first, then HTTP 400 as WebSocket bytes",
  "by another method is refused as the client's mistake": "500",
  "brings the server what the client emitted right before it disconnected":
    "events wait a tick, and those that the disconnection overtakes are dropped",
  "keeps a timeout on the operator that timeout() returned": "the flag stays on the socket and the next emit takes it",
  "rejects emitWithAck at once when the client goes": "the promise never settles",
  "JSON nested 100,000 deep": "accepted; sending it back ends the process",
  "that throws in a listener harms nobody": PROCESS_ENDS,
  "that rejects in a listener harms nobody": PROCESS_ENDS,
  "that throws in the connection listener harms nobody": PROCESS_ENDS,
  "that throws in a socket's middleware harms nobody": PROCESS_ENDS,
  "that throws in a namespace's middleware refuses the client and tells it nothing": PROCESS_ENDS,
  "that rejects in a namespace's middleware refuses the client and tells it nothing": PROCESS_ENDS,
  "that refuses a client with data which cannot be encoded still refuses it": PROCESS_ENDS,
  "that calls next twice lets the client in once": "two CONNECT replies and two connection events",
  "cannot join a namespace again while it is being let in": "every CONNECT makes a socket",
} as const satisfies Record<string, string>;

type BetterTest = keyof typeof BETTER_HERE;

/**
 * A test that `socket.io` must fail: against it the test is expected to fail, so that a row which is no longer a
 * difference shows up. What ends the process cannot be expected, and is not run against it.
 */
export function itIsBetterHere(name: BetterTest, test: () => Promise<void>): void {
  if (!isReference) it(name, test);
  else if (BETTER_HERE[name] !== PROCESS_ENDS) it.failing(name, test);
}
