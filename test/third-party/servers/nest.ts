import "reflect-metadata";
import type { AddressInfo } from "node:net";
import {
  Injectable,
  Module,
  UseGuards,
  UsePipes,
  ValidationPipe,
  type CanActivate,
  type ExecutionContext,
  type INestApplication,
} from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { IoAdapter } from "@nestjs/platform-socket.io";
import {
  Ack,
  ConnectedSocket,
  MessageBody,
  SubscribeMessage,
  WebSocketGateway,
  WebSocketServer,
  WsException,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  type WsResponse,
} from "@nestjs/websockets";
import { IsInt } from "class-validator";
import { Server, type ServerOptions, type Socket } from "../../support/peer.js";
import { performTasks } from "../../support/remote-tasks.js";

type CreateServer = IoAdapter["createIOServer"];

/** What a Nest app changes in order to run on another server; Nest names the classes of socket.io, hence the casts. */
class CoreIoAdapter extends IoAdapter {
  override createIOServer(port: number, options?: Parameters<CreateServer>[1]): ReturnType<CreateServer> {
    return new Server(port === 0 ? this.httpServer : port, options as ServerOptions) as never;
  }
}

@Injectable()
class TokenGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return context.switchToWs().getClient<Socket>().handshake.auth.token === "sesame";
  }
}

class Sum {
  @IsInt()
  left!: number;

  @IsInt()
  right!: number;
}

const validation = new ValidationPipe({ exceptionFactory: (errors) => new WsException(String(errors[0]?.property)) });

@WebSocketGateway()
class HallGateway implements OnGatewayConnection, OnGatewayDisconnect {
  @WebSocketServer()
  readonly server!: Server;

  handleConnection(socket: Socket): void {
    socket.emit("welcome", socket.id);
  }

  handleDisconnect(socket: Socket): void {
    this.server.emit("left", socket.id);
  }

  @UsePipes(validation)
  @SubscribeMessage("add")
  add(@MessageBody() { left, right }: Sum): number {
    return left + right;
  }

  @SubscribeMessage("greet")
  greet(@MessageBody() name: string): WsResponse<string> {
    return { event: "greeting", data: `hello ${name}` };
  }

  @UseGuards(TokenGuard)
  @SubscribeMessage("open")
  open(): { open: boolean } {
    return { open: true };
  }

  @SubscribeMessage("ask")
  ask(@Ack() ack: (...answer: unknown[]) => void): void {
    ack("one", "two");
  }

  @SubscribeMessage("enter")
  async enter(@ConnectedSocket() socket: Socket, @MessageBody() room: string): Promise<string[]> {
    await socket.join(room);
    this.server.to(room).emit("entered", socket.id);
    return [...socket.rooms];
  }
}

@WebSocketGateway({ namespace: "news" })
class NewsGateway {
  @SubscribeMessage("echo")
  echo(@MessageBody() value: unknown): unknown {
    return value;
  }
}

@Module({ providers: [HallGateway, NewsGateway] })
class AppModule {}

const app: INestApplication = await NestFactory.create(AppModule, { logger: false });
app.useWebSocketAdapter(new CoreIoAdapter(app));
await app.listen(0, "127.0.0.1");
const { port } = (app.getHttpServer() as { address(): AddressInfo }).address();
performTasks(app, { port });
