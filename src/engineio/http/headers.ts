import { validateHeaderName, validateHeaderValue, type OutgoingHttpHeader, type OutgoingHttpHeaders } from "node:http";
import type { Logger } from "../../common/index.js";

/** Puts cookies together that came under two spellings of their header's name: one would take the place of the other. */
export function joinCookies(headers: OutgoingHttpHeaders): void {
  const { "Set-Cookie": present, "set-cookie": added } = headers;
  if (present === undefined || added === undefined) return;
  headers["Set-Cookie"] = [present, added].flat().map(String);
  delete headers["set-cookie"];
}

/** Takes out what cannot be sent: a line break would throw, or split the response to an upgrade. */
export function removeUnsendable(headers: OutgoingHttpHeaders, logger: Logger): void {
  for (const [name, value] of Object.entries(headers)) {
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a plain object is what listeners were given
    if (!canSend(name, value, logger)) delete headers[name];
  }
}

function canSend(name: string, value: OutgoingHttpHeader | undefined, logger: Logger): boolean {
  try {
    validateHeaderName(name);
    for (const single of [value].flat()) validateHeaderValue(name, single as string);
    return true;
  } catch (error) {
    logger.error("a header that a listener added cannot be sent", { name, error });
    return false;
  }
}
