import Koa from "koa";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { itServesBeside, type App } from "../../support/app-contract.js";

async function open(): Promise<App> {
  const app = new Koa();
  app.use(async (context, next) => {
    if (context.path === "/hello") context.body = "hello";
    else if (context.path === "/echo") context.body = await text(context.req);
    else await next();
  });
  const handle = app.callback();
  return { server: createServer((request, response) => void handle(request, response)) };
}

describe("the server beside a Koa 3 app", () => {
  itServesBeside(open);
});
