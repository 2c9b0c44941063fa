import type { EngineRequest } from "../request.js";

/** Headers whose values many clients have in common; what identifies one, or is its secret, is none of them. */
const COMMON: ReadonlySet<string> = new Set([
  "accept",
  "accept-encoding",
  "accept-language",
  "cache-control",
  "connection",
  "host",
  "origin",
  "pragma",
  "sec-websocket-extensions",
  "sec-websocket-version",
  "upgrade",
  "user-agent",
]);
const MAX_SHARED = 1000;
const MAX_SHARED_LENGTH = 256;
const shared = new Map<string, string>();

/**
 * Lets requests share the texts that are the same in their headers: a request stays with its connection, and these texts
 * are half of what it takes (bench scenario memory). What the headers say does not change.
 */
export function shareHeaders({ headers, rawHeaders = [] }: EngineRequest & { rawHeaders?: string[] }): void {
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? "";
    const key = name.toLowerCase();
    const value = rawHeaders[at + 1] ?? "";
    rawHeaders[at] = share(name);
    if (!COMMON.has(key)) continue;
    rawHeaders[at + 1] = share(value);
    // Not for a header that came more than once: there the two differ.
    if (headers[key] === value) headers[key] = share(value);
  }
}

function share(text: string): string {
  const known = shared.get(text);
  if (known !== undefined) return known;
  if (shared.size < MAX_SHARED && text.length <= MAX_SHARED_LENGTH) shared.set(text, text);
  return text;
}
