import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";
import { createServer as createHttpsServer } from "node:https";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { createAdaptorServer } from "@hono/node-server";
import express from "express";
import Fastify from "fastify";
import { Hono } from "hono";
import Koa from "koa";
import { Application } from "rookery";
import { moduleOf } from "../support/applications.js";
import { itAttachesTo } from "./beside.js";

const tls = {
  key: readFileSync(join(__dirname, "../../support/tls/key.pem")),
  cert: readFileSync(join(__dirname, "../../support/tls/certificate.pem")),
};

function plainApp(request: IncomingMessage | Http2ServerRequest, response: ServerResponse | Http2ServerResponse): void {
  const reply = (status: number, body: string): void => {
    (response as ServerResponse).writeHead(status).end(body);
  };
  if (request.url === "/hello") reply(200, "hello");
  else if (request.url !== "/echo") reply(404, "");
  else void text(request).then((body) => reply(200, body));
}

describe("an application attached to node:http", () => {
  itAttachesTo(async () => ({ server: createServer(plainApp) }));
});

describe("an application attached to node:https", () => {
  itAttachesTo(async () => ({ server: createHttpsServer(tls, plainApp), scheme: "https" }));
});

describe("an application attached to node:http2", () => {
  itAttachesTo(async () => ({ server: createSecureServer({ ...tls, allowHTTP1: true }, plainApp), scheme: "https" }));
});

describe("an application attached to Express 5", () => {
  itAttachesTo(async () => {
    const app = express();
    app.use(express.text());
    app.get("/hello", (_request, response) => {
      response.send("hello");
    });
    app.post("/echo", (request, response) => {
      response.send(request.body);
    });
    return { server: createServer(app) };
  });
});

describe("an application attached to Fastify 5", () => {
  itAttachesTo(async () => {
    const app = Fastify();
    app.get("/hello", async () => "hello");
    app.post("/echo", async ({ body }) => body);
    await app.ready();
    return { server: app.server, close: () => app.close() };
  });
});

describe("an application attached to Koa 3", () => {
  itAttachesTo(async () => {
    const app = new Koa();
    app.use(async (context, next) => {
      if (context.path === "/hello") context.body = "hello";
      else if (context.path === "/echo") context.body = await text(context.req);
      else await next();
    });
    const handle = app.callback();
    return { server: createServer((request, response) => void handle(request, response)) };
  });
});

describe("an application attached to Hono on node", () => {
  itAttachesTo(async () => {
    const app = new Hono();
    app.get("/hello", (context) => context.text("hello"));
    app.post("/echo", async (context) => context.text(await context.req.text()));
    return { server: createAdaptorServer({ fetch: app.fetch }) };
  });
});

describe("an application that is attached to what is no server", () => {
  it.each([
    ["Express", express()],
    ["Koa", new Koa()],
    ["Fastify", Fastify()],
    ["nothing", undefined],
  ])("says which server it takes, and does not start: %s", async (_name, target) => {
    const onModuleInit = jest.fn();
    class Witness {
      onModuleInit = onModuleInit;
    }
    const app = await Application.create(moduleOf({ providers: [Witness] }));

    await expect(app.attach(target as unknown as Server)).rejects.toMatchObject({
      code: "GATEWAY_NOT_A_SERVER",
      mend: expect.stringContaining("fastify.server"),
    });
    expect(onModuleInit).not.toHaveBeenCalled();
    await app.init();
    expect(onModuleInit).toHaveBeenCalled();
    await app.close();
  });
});
