import { IncomingMessage, type IncomingHttpHeaders } from "node:http";
import { Socket } from "node:net";

/** A request that came from nowhere: what node makes of one, without a connection. */
export function httpRequest(url: string, method = "GET", headers: IncomingHttpHeaders = {}): IncomingMessage {
  return Object.assign(new IncomingMessage(new Socket()), { url, method, headers });
}
