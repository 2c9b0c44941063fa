import type { EngineServer, HttpServerInstance } from "../engineio/index.js";
import { waitFor } from "./adapter/late-failure.js";
import type { Server } from "./server.js";

const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * Disconnects everybody, closes engine and adapters, then the HTTP server. Clients that do not close their end within
 * `closeTimeout` are cut off.
 *
 * @returns what the HTTP server says to its closing.
 */
export async function shutDown(server: Server): Promise<Error | undefined> {
  const { _nsps, engine, opts, deadlines, logger } = server;
  const namespaces = [..._nsps.values()];
  for (const { sockets } of namespaces) {
    for (const socket of [...sockets.values()]) socket.onClose("server shutting down");
  }
  // Another package's engine may have neither.
  const ownEngine: Partial<EngineServer> = engine;
  const connections = Object.values(ownEngine.clients ?? {});
  // Before the adapters, which may take their time: nobody comes in meanwhile.
  engine.close();
  const timeoutMs = opts.closeTimeout ?? DEFAULT_TIMEOUT_MS;
  const patience = deadlines.add(timeoutMs, () => {
    for (const { transport } of connections) transport.terminate();
    ownEngine.cutOff?.();
  });
  for (const { adapter } of namespaces) {
    await waitFor(() => adapter.close(), "an adapter could not be closed", logger);
  }
  const error = await closeHttpServer(server, timeoutMs);
  patience.cancel();
  return error;
}

/** A closing server of Node waits for ever for requests that never end, and for connections that send none. */
async function closeHttpServer(server: Server, timeoutMs: number): Promise<Error | undefined> {
  const http = server.httpServer as HttpServerInstance | undefined;
  if (http === undefined) return undefined;
  const patience = server.deadlines.add(timeoutMs, () => {
    dropConnections(server);
  });
  server.lingering.close();
  const error = await new Promise<Error | undefined>((resolve) => http.close(resolve));
  patience.cancel();
  return error;
}

/** Clients that do not close their end, and requests that others keep open on the same HTTP server, must not keep the port. */
export function dropConnections({ httpServer, lingering, engine }: Server): void {
  lingering.destroy();
  // Another package's engine has it not.
  (engine as Partial<EngineServer>).cutOff?.();
  const http = httpServer as HttpServerInstance | undefined;
  if (http !== undefined && "closeAllConnections" in http) http.closeAllConnections();
}
