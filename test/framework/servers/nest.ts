import "reflect-metadata";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Controller, Get, Module as NestModule, type INestApplication } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { Ack, Application, Module, Namespace, OnEvent, silentLogger } from "rookery";
import { performTasks } from "../../support/remote-tasks.js";

/** Both applications of the process. */
export interface Pair {
  readonly nest: INestApplication;
  readonly app: Application;
}

@Controller()
class HelloController {
  @Get("hello")
  hello(): string {
    return "hello from Nest";
  }

  @Get("health/live")
  live(): string {
    return "Nest lives";
  }
}

@NestModule({ controllers: [HelloController] })
class NestAppModule {}

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

const nest: INestApplication = await NestFactory.create(NestAppModule, { logger: false });
const app = await Application.create(AppModule, { logger: silentLogger });
await nest.init();
const server = nest.getHttpServer() as Server;
await app.attach(server);
await nest.listen(0, "127.0.0.1");
performTasks({ nest, app } satisfies Pair, { port: (server.address() as AddressInfo).port });
