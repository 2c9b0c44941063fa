import "reflect-metadata";
import type { AddressInfo } from "node:net";
import { type INestApplication, Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { IoAdapter } from "@nestjs/platform-socket.io";
import { Ack, ConnectedSocket, MessageBody, SubscribeMessage, WebSocketGateway } from "@nestjs/websockets";
import type { Socket } from "socket.io";
import { commonOptions, servesOrders, type Peer } from "./peer.js";

type Reply = (answer: unknown) => void;

@WebSocketGateway()
class BenchGateway {
  // A returned object with the key `event` would not be taken for the answer: any value has to go by the callback.
  @SubscribeMessage("echo")
  echo(@MessageBody() value: unknown, @Ack() reply: Reply): void {
    reply(value);
  }

  @SubscribeMessage("broadcast")
  broadcast(@MessageBody() [value, times]: [unknown, number], @ConnectedSocket() socket: Socket): void {
    for (let time = 0; time < times; time++) socket.nsp.emit("news", value);
  }

  @SubscribeMessage("join")
  async join(@MessageBody() rooms: string[], @ConnectedSocket() socket: Socket): Promise<string> {
    await socket.join(rooms);
    return "joined";
  }

  @SubscribeMessage("room")
  emitToRoom(@MessageBody() [room, value]: [string, unknown], @ConnectedSocket() socket: Socket): void {
    socket.nsp.to(room).emit("news", value);
  }
}

// Named when it is needed: it loads the validation library.
const orders = servesOrders ? [(await import("./nest-orders.js")).OrderGateway] : [];

@Module({ providers: [BenchGateway, ...orders] })
class BenchModule {}

type CreateServer = IoAdapter["createIOServer"];

/** Gives Nest's server the options that every peer gets. */
class BenchAdapter extends IoAdapter {
  override createIOServer(...[port, options]: Parameters<CreateServer>): ReturnType<CreateServer> {
    return super.createIOServer(port, Object.assign({}, options, commonOptions));
  }
}

/** NestJS over socket.io: the peer of the framework. */
export const peer: Peer = {
  async start() {
    const app: INestApplication = await NestFactory.create(BenchModule, { logger: ["error"] });
    app.useWebSocketAdapter(new BenchAdapter(app));
    await app.listen(0, "127.0.0.1");
    return (app.getHttpServer() as { address(): AddressInfo }).address().port;
  },
};
