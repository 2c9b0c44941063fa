import { Module } from "rookery";
import { ChatGateway } from "./chat.gateway.js";
import { MemberGuard } from "./member.guard.js";
import { MessageService } from "./message.service.js";
import { RoomService } from "./room.service.js";
import { UserService } from "./user.service.js";

@Module({ providers: [ChatGateway, MemberGuard, MessageService, RoomService, UserService] })
export class ChatModule {}
