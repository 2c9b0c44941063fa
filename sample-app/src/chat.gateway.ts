import {
  Ack,
  Auth,
  ConnectedSocket,
  ContextLogger,
  Namespace,
  OnConnect,
  OnDisconnect,
  OnEvent,
  RateLimit,
  Reason,
  Socket,
  UseGuards,
} from "rookery";
import { channelOf, userOf } from "./chat-socket.js";
import { Credentials } from "./dto/credentials.dto.js";
import { RoomName } from "./dto/room-name.dto.js";
import { SendMessage } from "./dto/send-message.dto.js";
import { DoorGuard } from "./door.guard.js";
import { MemberGuard } from "./member.guard.js";
import { Message } from "./message.js";
import { MessageService } from "./message.service.js";
import { RoomService } from "./room.service.js";
import { UserService } from "./user.service.js";

const RECEIPT_TIMEOUT_MS = 5_000;

export interface JoinedRoom {
  readonly room: string;
  readonly members: string[];
  readonly history: Message[];
}

@Namespace("/chat")
export class ChatGateway {
  constructor(
    private readonly users: UserService,
    private readonly rooms: RoomService,
    private readonly messages: MessageService,
    private readonly log: ContextLogger,
  ) {}

  @OnConnect()
  @RateLimit({ points: 120, per: "1m" })
  @UseGuards(DoorGuard)
  enter(socket: Socket, @Auth() credentials: Credentials): void {
    const { user, replaced } = this.users.enter(credentials, socket.id);
    socket.data.user = user;
    if (replaced !== undefined) {
      const earlier = socket.nsp.sockets.get(replaced.socketId);
      earlier?.emit("session:replaced");
      earlier?.disconnect(true);
    }
    this.log.info("somebody came in", { user: user.name, address: socket.handshake.address });
    socket.emit("welcome", { name: user.name, rooms: this.rooms.list() });
  }

  @OnDisconnect()
  exit(socket: Socket, @Reason() reason: string): void {
    const user = userOf(socket);
    for (const room of this.rooms.roomsOf(user)) {
      this.rooms.leave(room, user);
      socket.to(channelOf(room)).emit("member:left", { room, user: user.name });
    }
    this.users.exit(user);
    this.log.info("somebody left", { user: user.name, reason });
    this.#showRooms(socket);
  }

  @OnEvent("room:join")
  @Ack()
  async join({ room }: RoomName, @ConnectedSocket() socket: Socket): Promise<JoinedRoom> {
    const user = userOf(socket);
    if (this.rooms.join(room, user)) {
      await socket.join(channelOf(room));
      socket.to(channelOf(room)).emit("member:joined", { room, user: user.name });
      this.#showRooms(socket);
    }
    return { room, members: this.rooms.membersOf(room), history: this.messages.historyOf(room) };
  }

  @OnEvent("room:leave")
  async leave({ room }: RoomName, @ConnectedSocket() socket: Socket): Promise<void> {
    const user = userOf(socket);
    if (!this.rooms.leave(room, user)) return;
    await socket.leave(channelOf(room));
    socket.to(channelOf(room)).emit("member:left", { room, user: user.name });
    this.#showRooms(socket);
  }

  @OnEvent("message:send")
  @RateLimit({ points: 10, per: "5s" })
  @UseGuards(MemberGuard)
  @Ack(Message)
  send(dto: SendMessage, @ConnectedSocket() socket: Socket): Message {
    const message = this.messages.add(userOf(socket).name, dto);
    void this.#deliver(message, socket);
    return message;
  }

  // Not awaited by send(): the sender's first tick does not wait for the slowest reader.
  async #deliver(message: Message, socket: Socket): Promise<void> {
    const others = socket.to(channelOf(message.room)).timeout(RECEIPT_TIMEOUT_MS);
    try {
      const receipts = await others.emitWithAck("message:new", message);
      if (receipts.length === 0) return;
      message.delivered = true;
      socket.emit("message:delivered", { room: message.room, id: message.id });
    } catch {
      // Somebody did not answer in time: the message stays at one tick.
    }
  }

  #showRooms(socket: Socket): void {
    socket.nsp.emit("rooms", this.rooms.list());
  }
}
