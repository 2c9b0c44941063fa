import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { itServesBeside, type App } from "../../support/app-contract.js";

async function open(): Promise<App> {
  const app = new Hono();
  app.get("/hello", (context) => context.text("hello"));
  app.post("/echo", async (context) => context.text(await context.req.text()));
  return { server: createAdaptorServer({ fetch: app.fetch }) };
}

describe("the server beside a Hono app on node", () => {
  itServesBeside(open);
});
