import { Ack, Auth, ConnectedSocket, Namespace, OnConnect, OnEvent, Socket, UseGuards } from "rookery";
import { Credentials } from "./dto/credentials.dto.js";
import { RoomDto } from "./dto/room.dto.js";
import { SendMessage } from "./dto/send-message.dto.js";
import type { Message } from "./message.js";
import { MessageService } from "./message.service.js";
import { channelOf, RoomGuard } from "./room.guard.js";

export interface JoinedRoom {
  readonly room: string;
  readonly history: readonly Message[];
}

@Namespace("/chat")
export class ChatGateway {
  constructor(private readonly messages: MessageService) {}

  /** Credentials that are not valid refuse the connection: the client gets a `connect_error`. */
  @OnConnect()
  enter(socket: Socket, @Auth() { name }: Credentials): void {
    socket.data = { name };
  }

  @OnEvent("room:join")
  @Ack()
  async join({ room }: RoomDto, @ConnectedSocket() socket: Socket): Promise<JoinedRoom> {
    await socket.join(channelOf(room));
    socket.to(channelOf(room)).emit("room:joined", { room, name: nameOf(socket) });
    return { room, history: this.messages.historyOf(room) };
  }

  @OnEvent("room:leave")
  async leave({ room }: RoomDto, @ConnectedSocket() socket: Socket): Promise<void> {
    await socket.leave(channelOf(room));
    socket.to(channelOf(room)).emit("room:left", { room, name: nameOf(socket) });
  }

  @OnEvent("message:send")
  @UseGuards(RoomGuard)
  @Ack()
  send({ room, text }: SendMessage, @ConnectedSocket() socket: Socket): Message {
    const message = this.messages.add({ room, text, from: nameOf(socket) });
    socket.to(channelOf(room)).emit("message:new", message);
    return message;
  }
}

function nameOf(socket: Socket): string {
  return (socket.data as Credentials).name;
}
