// messages.gateway.ts
import { Type } from "class-transformer";
import { IsOptional, IsString, Length, ValidateNested } from "class-validator";
import { Ack, Namespace, OnEvent } from "rookery";

class Attachment {
  @IsString() name!: string;
}

class SendMessage {
  @IsString() @Length(1, 500) text!: string;
  @IsOptional() @ValidateNested() @Type(() => Attachment) attachment?: Attachment;
}

@Namespace("/chat")
export class MessagesGateway {
  @OnEvent("message:send")
  @Ack()
  send(message: SendMessage): string {
    return `${message.text} with ${message.attachment?.name ?? "nothing"}`;
  }
}
