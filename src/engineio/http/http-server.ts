import { createServer, type RequestListener, type Server } from "node:http";

/** How long a client may take to send a request's headers, and all of it. Node's defaults are longer, and may change. */
const TIMEOUTS = { headersTimeout: 30_000, requestTimeout: 60_000 };

/** An HTTP server of our own, for applications that bring none. */
export function createHttpServer(listener: RequestListener): Server {
  return createServer(TIMEOUTS, listener);
}
