import type * as Rookery from "rookery";
import { importBuilt } from "./built-package.js";
import { commonOptions, servesOrders, type Peer } from "./peer.js";

const { Ack, Application, ConnectedSocket, Module, Namespace, OnEvent } = await importBuilt<typeof Rookery>("index.js");

@Namespace("/")
class BenchGateway {
  @OnEvent("echo")
  @Ack()
  echo(value: unknown): unknown {
    return value;
  }

  @OnEvent("broadcast")
  broadcast(value: unknown, times: number, @ConnectedSocket() socket: Rookery.Socket): void {
    for (let time = 0; time < times; time++) socket.nsp.emit("news", value);
  }

  @OnEvent("join")
  @Ack()
  async join(rooms: unknown[], @ConnectedSocket() socket: Rookery.Socket): Promise<string> {
    await socket.join(rooms as string[]);
    return "joined";
  }

  @OnEvent("room")
  emitToRoom(room: string, value: unknown, @ConnectedSocket() socket: Rookery.Socket): void {
    socket.nsp.to(room).emit("news", value);
  }
}

// Named when it is needed: it loads the validation library.
const orders = servesOrders ? [(await import("./rookery-orders.js")).OrderGateway] : [];

@Module({ providers: [BenchGateway, ...orders] })
class BenchModule {}

/** The framework: a decorated gateway, called through the whole pipeline. */
export const peer: Peer = {
  async start() {
    const app = await Application.create(BenchModule, commonOptions);
    await app.listen(0, "127.0.0.1");
    return app.address().port;
  },
};
