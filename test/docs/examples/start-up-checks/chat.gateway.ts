// chat.gateway.ts
import { Namespace, OnEvent } from "rookery";

class SendMessage {
  text!: string;
}

class MessageStore {}

@Namespace("/chat")
export class ChatGateway {
  constructor(readonly store: MessageStore) {}

  @OnEvent("send")
  send(message: SendMessage, reply: (answer: string) => void): void {
    reply(message.text);
  }
}
