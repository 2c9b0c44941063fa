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

/** Requests that never end, and connections that send none, are cut off: a closing server of Node waits for them for ever. */
async function closeHttpServer(
  { httpServer, lingering, deadlines }: Server,
  timeoutMs: number,
): Promise<Error | undefined> {
  const server = httpServer as HttpServerInstance | undefined;
  if (server === undefined) return undefined;
  const patience = deadlines.add(timeoutMs, () => {
    lingering.destroy();
    if ("closeAllConnections" in server) server.closeAllConnections();
  });
  lingering.close();
  const error = await new Promise<Error | undefined>((resolve) => server.close(resolve));
  patience.cancel();
  return error;
}
