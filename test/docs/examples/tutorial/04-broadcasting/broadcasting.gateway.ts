// broadcasting.gateway.ts
import { Namespace, OnConnect, OnDisconnect, OnEvent, Socket, SocketNamespace } from "rookery";

@Namespace("/")
export class BroadcastingGateway {
  constructor(private readonly everyone: SocketNamespace) {}

  @OnConnect()
  arrive(socket: Socket): void {
    socket.broadcast.emit("arrived", socket.id);
  }

  @OnDisconnect()
  leave(socket: Socket): void {
    this.everyone.emit("left", socket.id);
  }

  @OnEvent("shout")
  shout(text: string): void {
    this.everyone.emit("shouted", text);
  }

  @OnEvent("tell")
  tell(text: string, socket: Socket): void {
    socket.broadcast.emit("told", text);
  }

  @OnEvent("point")
  point(x: number, y: number, socket: Socket): void {
    socket.broadcast.volatile.emit("pointed", x, y);
  }
}
