import Fastify from "fastify";
import { itServesBeside, type App } from "../../support/app-contract.js";

async function open(): Promise<App> {
  const app = Fastify();
  app.get("/hello", async () => "hello");
  app.post("/echo", async ({ body }) => body);
  await app.ready();
  return { server: app.server, close: () => app.close() };
}

describe("the server beside a Fastify 5 app", () => {
  itServesBeside(open);
});
