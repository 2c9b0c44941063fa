import { Module } from "rookery";
import { ChatModule } from "./chat/chat.module.js";

@Module({ imports: [ChatModule] })
export class AppModule {}
