import express from "express";
import { createServer } from "node:http";
import { itServesBeside, type App } from "../../support/app-contract.js";

async function open(): Promise<App> {
  const app = express();
  app.use(express.text());
  app.get("/hello", (_request, response) => {
    response.send("hello");
  });
  app.post("/echo", (request, response) => {
    response.send(request.body);
  });
  return { server: createServer(app) };
}

describe("the server beside an Express 5 app", () => {
  itServesBeside(open);
});
