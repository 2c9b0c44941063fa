// chat.gateway.ts
import { IsString } from "class-validator";
import { Ack, GatewayException, Namespace, OnConnect, OnEvent, Server, Socket } from "rookery";

class Line {
  @IsString() text!: string;
}

@Namespace("/chat")
export class ChatGateway {
  constructor(readonly server: Server) {}

  @OnConnect()
  enter(socket: Socket): void {
    if (!socket.handshake.auth.name) throw new GatewayException("UNAUTHENTICATED"); // it never was connected
  }

  @OnEvent("say")
  @Ack()
  say(line: Line, socket: Socket): number {
    if (line.text === "") throw new GatewayException("EMPTY"); // the acknowledgement
    socket.broadcast.emit("said", line.text);
    return line.text.length;
  }
}
