import { Catch, GatewayException } from "rookery";
import type { ExceptionFilter } from "rookery";
import { ChatError } from "./chat-error.js";

/** Tells clients what the chat does not allow; whatever else is thrown stays in the log. */
@Catch(ChatError)
export class ChatErrorFilter implements ExceptionFilter<ChatError> {
  catch({ code, message }: ChatError): never {
    throw new GatewayException(code, message);
  }
}
