import { once } from "node:events";
import { createServer } from "node:http";
import { Application } from "rookery";
import type { Logger } from "rookery";
import { CapacityCheck } from "./capacity.check.js";
import { ChatModule } from "./chat.module.js";
import { serveFolder } from "./static-files.js";

/**
 * The chat, its page and its health probes on one port.
 *
 * @param port - 0 takes any free one; `address()` tells which.
 * @param logger - default: the application's own.
 * @throws Node's own error when the port cannot be had.
 */
export async function startChat(port: number, logger?: Logger): Promise<Application> {
  const server = createServer(await serveFolder(new URL("../public/", import.meta.url)));
  const app = await Application.create(ChatModule, {
    health: { onAttached: true, checks: [CapacityCheck] },
    shutdown: { drainMs: 5_000 },
    ...(logger && { logger }),
  });
  await app.attach(server);
  server.listen(port);
  await once(server, "listening");
  return app;
}
