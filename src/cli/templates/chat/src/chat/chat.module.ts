import { Module } from "rookery";
import { ChatGateway } from "./chat.gateway.js";
import { MessageService } from "./message.service.js";
import { RoomGuard } from "./room.guard.js";

@Module({ providers: [ChatGateway, MessageService, RoomGuard] })
export class ChatModule {}
