import { inspect } from "node:util";

/** Of what the server sent along, as many levels are shown. */
const SHOWN_DEPTH = 5;

/**
 * Replaces the first line of an error's stack. Test runners print the stack, so there the reader finds what belongs to a
 * failure beside the message, which stays the server's own.
 *
 * @param details - shown behind the headline, unless undefined.
 */
export function setHeadline(error: Error, headline: string, details: unknown): void {
  const shown = details === undefined ? "" : ` ${inspect(details, { depth: SHOWN_DEPTH })}`;
  const frames = (error.stack ?? "").split(/(?=\n {4}at )/).slice(1);
  error.stack = `${headline}${shown}${frames.join("")}`;
}
