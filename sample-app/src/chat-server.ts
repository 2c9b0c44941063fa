import { once } from "node:events";
import { createServer } from "node:http";
import { Application } from "rookery";
import { ChatModule } from "./chat.module.js";
import { serveFolder } from "./static-files.js";

/**
 * The chat and its page on one port.
 *
 * @param port - 0 takes any free one; `address()` tells which.
 * @throws Node's own error when the port cannot be had.
 */
export async function startChat(port: number): Promise<Application> {
  const server = createServer(await serveFolder(new URL("../public/", import.meta.url)));
  const app = await Application.create(ChatModule);
  await app.attach(server);
  server.listen(port);
  await once(server, "listening");
  return app;
}
