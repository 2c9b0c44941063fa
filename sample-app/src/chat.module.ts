import { APP_FILTER, Module } from "rookery";
import { ChatErrorFilter } from "./chat-error.filter.js";
import { ChatGateway } from "./chat.gateway.js";
import { DoorGuard } from "./door.guard.js";
import { MemberGuard } from "./member.guard.js";
import { MessageService } from "./message.service.js";
import { RoomService } from "./room.service.js";
import { TypingIndicator } from "./typing-indicator.js";
import { TypingGateway } from "./typing.gateway.js";
import { UserService } from "./user.service.js";

@Module({
  providers: [
    ChatGateway,
    TypingGateway,
    TypingIndicator,
    DoorGuard,
    MemberGuard,
    { provide: APP_FILTER, useClass: ChatErrorFilter },
    MessageService,
    RoomService,
    UserService,
  ],
})
export class ChatModule {}
