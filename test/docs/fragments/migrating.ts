import {
  ConnectedSocket,
  MessageBody,
  SubscribeMessage,
  WebSocketGateway,
  WebSocketServer,
  WsException,
  type OnGatewayConnection,
} from "@nestjs/websockets";
import { IsString } from "class-validator";
import type { Server, Socket } from "socket.io";

class Line {
  @IsString() text!: string;
}

@WebSocketGateway({ namespace: "/chat" })
export class ChatGateway implements OnGatewayConnection {
  @WebSocketServer() server!: Server;

  handleConnection(socket: Socket): void {
    if (!socket.handshake.auth.name) socket.disconnect(); // it was connected, for a moment
  }

  @SubscribeMessage("say")
  say(@MessageBody() line: Line, @ConnectedSocket() socket: Socket): number {
    if (line.text === "") throw new WsException("empty"); // the acknowledgement is never called
    socket.broadcast.emit("said", line.text);
    return line.text.length;
  }
}
