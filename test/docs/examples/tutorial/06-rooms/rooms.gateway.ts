// rooms.gateway.ts
import { Ack, GatewayException, Namespace, OnDisconnecting, OnEvent, Rooms, Socket, SocketNamespace } from "rookery";

/** Every socket is in a room of its own id already: with a prefix nobody can join that of somebody else. */
const PREFIX = "room:";

@Namespace("/")
export class RoomsGateway {
  constructor(private readonly everyone: SocketNamespace) {}

  @OnEvent("join")
  @Ack()
  async join(room: string, socket: Socket): Promise<number> {
    await socket.join(PREFIX + room);
    socket.to(PREFIX + room).emit("joined", room);
    const members = await this.everyone.in(PREFIX + room).fetchSockets();
    return members.length;
  }

  @OnEvent("leave")
  @Ack()
  async leave(room: string, socket: Socket): Promise<void> {
    await socket.leave(PREFIX + room);
    this.everyone.to(PREFIX + room).emit("left", room);
  }

  @OnEvent("say")
  say(room: string, text: string, socket: Socket): void {
    if (!socket.rooms.has(PREFIX + room)) throw new GatewayException("FORBIDDEN", `Join ${room} first.`);
    socket.to(PREFIX + room).emit("said", room, text);
  }

  @OnDisconnecting()
  disappear(socket: Socket, @Rooms() rooms: ReadonlySet<string>): void {
    for (const name of rooms) {
      if (name.startsWith(PREFIX)) socket.to(name).emit("left", name.slice(PREFIX.length));
    }
  }
}
