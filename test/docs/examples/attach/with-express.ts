// with-express.ts
import { createServer, type Server } from "node:http";
import express from "express";
import { Ack, Application, Module, Namespace, OnEvent } from "rookery";

@Namespace("/chat")
class ChatGateway {
  @OnEvent("say")
  @Ack()
  say(text: string): string {
    return `heard ${text}`;
  }
}

@Module({ providers: [ChatGateway] })
class AppModule {}

export async function start(port: number): Promise<{ app: Application; server: Server }> {
  const web = express();
  web.get("/hello", (_request, response) => {
    response.send("hello");
  });
  const server = createServer(web);

  const app = await Application.create(AppModule);
  await app.attach(server);
  server.listen(port, "127.0.0.1");
  return { app, server };
}
