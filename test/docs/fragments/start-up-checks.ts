import { Ack, Namespace, OnEvent, type Socket } from "rookery"; // a type only: nothing of Socket is left at run time

@Namespace("/chat")
export class ChatGateway {
  @OnEvent("who")
  @Ack()
  who(me: Socket): unknown {
    return me.id; // no socket: the first argument of the event, as it is, unchecked
  }
}
