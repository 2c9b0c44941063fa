// chat.gateway.ts
import { Ack, GatewayException, Namespace, OnDisconnect, OnEvent, RateLimit, Socket } from "rookery";
import { Entrance, Line } from "./chat.dto.js";
import { HistoryService, type Message } from "./history.service.js";

@Namespace("/chat")
export class ChatGateway {
  constructor(private readonly history: HistoryService) {}

  @OnEvent("enter")
  @Ack()
  async enter({ name, room }: Entrance, socket: Socket): Promise<readonly Message[]> {
    if (visitOf(socket) !== undefined) throw new GatewayException("CONFLICT", "You are in a room already.");
    socket.data.visit = { name, room };
    await socket.join(`room:${room}`);
    this.#toOthers(socket, "entered", name);
    return this.history.of(room);
  }

  @OnEvent("say")
  @RateLimit({ points: 5, per: "2s" })
  @Ack()
  say({ text }: Line, socket: Socket): Message {
    const visit = visitOf(socket);
    if (visit === undefined) throw new GatewayException("FORBIDDEN", "Enter a room first.");
    const message = this.history.add(visit.room, { from: visit.name, text });
    this.#toOthers(socket, "said", message);
    return message;
  }

  @OnEvent("typing")
  typing(socket: Socket): void {
    this.#toOthers(socket, "typing", visitOf(socket)?.name);
  }

  @OnDisconnect()
  leave(socket: Socket): void {
    this.#toOthers(socket, "left", visitOf(socket)?.name);
  }

  #toOthers(socket: Socket, event: string, what: unknown): void {
    const visit = visitOf(socket);
    if (visit !== undefined) socket.to(`room:${visit.room}`).emit(event, what);
  }
}

function visitOf(socket: Socket): Entrance | undefined {
  return socket.data.visit as Entrance | undefined;
}
