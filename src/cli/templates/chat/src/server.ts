import { once } from "node:events";
import { createServer } from "node:http";
import { Application } from "rookery";
import { AppModule } from "./app.module.js";
import { servePage } from "./page.js";

/** The chat and its page on one port; 0 takes any free one, `address()` tells which. */
export async function startServer(port: number, host?: string): Promise<Application> {
  const server = createServer(await servePage());
  const app = await Application.create(AppModule);
  await app.attach(server);
  server.listen(port, host);
  await once(server, "listening");
  return app;
}
