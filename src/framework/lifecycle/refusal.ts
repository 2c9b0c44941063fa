import type { IncomingMessage } from "node:http";
import type { Server } from "../../core.js";

/**
 * From here on whoever wants to connect is answered 503 with `Retry-After`; connections that are there go on. Added when
 * the application goes down and not before: a middleware costs something for every request.
 */
export function refuseHandshakes({ engine }: Server, retryAfterMs: number): void {
  const headers = { "Retry-After": String(Math.ceil(retryAfterMs / 1_000)), "Content-Type": "text/plain" };
  engine.use((request, response, next) => {
    if (belongsToSession(request)) next();
    else response.writeHead(503, headers).end("The server is shutting down.");
  });
}

function belongsToSession({ url = "" }: IncomingMessage): boolean {
  const sid = new URLSearchParams(url.slice(url.indexOf("?") + 1)).get("sid");
  return sid !== null && sid !== "";
}
