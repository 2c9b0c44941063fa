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
export async function shutDown({
  _nsps,
  engine,
  httpServer,
  opts,
  deadlines,
  logger,
}: Server): Promise<Error | undefined> {
  const namespaces = [..._nsps.values()];
  for (const { sockets } of namespaces) {
    for (const socket of [...sockets.values()]) socket.onClose("server shutting down");
  }
  const { clients } = engine as Partial<EngineServer>;
  const connections = Object.values(clients ?? {});
  // Before the adapters, which may take their time: nobody comes in meanwhile.
  engine.close();
  const patience = deadlines.add(opts.closeTimeout ?? DEFAULT_TIMEOUT_MS, () => {
    for (const { transport } of connections) transport.terminate();
  });
  for (const { adapter } of namespaces) {
    await waitFor(() => adapter.close(), "an adapter could not be closed", logger);
  }
  const error = await closeHttpServer(httpServer);
  patience.cancel();
  return error;
}

async function closeHttpServer(server: HttpServerInstance | undefined): Promise<Error | undefined> {
  if (server === undefined) return undefined;
  return new Promise((resolve) => {
    server.close(resolve);
  });
}
