import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";
import { types } from "node:util";
import type { CorsSetting } from "./cors.js";

/** Whether the origin of upgrades is checked: as the option says, else when CORS has a fixed list of them. */
export function checksOrigin({ checkOrigin, cors }: { checkOrigin?: boolean; cors?: CorsSetting }): boolean {
  return checkOrigin ?? isFixedList(cors);
}

function isFixedList(cors: CorsSetting | undefined): boolean {
  if (typeof cors !== "object") return false;
  const { origin } = cors;
  return Array.isArray(origin) || types.isRegExp(origin) || (typeof origin === "string" && origin !== "*");
}

/**
 * Whether the page that sent the request might read the response if it were a plain one: by the response's headers as
 * the CORS middleware leaves them, or because it comes from `host`, as the client calls the server. Browsers open
 * WebSockets to any server and send cookies along, so this is where a foreign page has to be stopped.
 */
export function isOriginAllowed(
  { headers: { origin } }: IncomingMessage,
  granted: OutgoingHttpHeaders,
  host: string | undefined,
): boolean {
  // Only browsers have to tell their origin, and only they are led astray.
  if (origin === undefined) return true;
  const allowed = granted["access-control-allow-origin"];
  return allowed === "*" || allowed === origin || isOf(host, origin);
}

function isOf(host: string | undefined, origin: string): boolean {
  return host !== undefined && URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}
