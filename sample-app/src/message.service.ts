import { Injectable } from "rookery";
import { ChatError } from "./chat-error.js";
import type { SendMessage } from "./dto/send-message.dto.js";
import type { Message } from "./message.js";

const HISTORY_LENGTH = 100;

/** The rooms' histories, in memory: the last hundred messages each. */
@Injectable()
export class MessageService {
  readonly #histories = new Map<string, Message[]>();

  /** Idempotent: the same message again, after a lost reply, is found by its id and not added twice. */
  add(from: string, { id, room, text }: SendMessage): Message {
    const history = this.#histories.get(room) ?? [];
    this.#histories.set(room, history);

    const known = history.find((message) => message.id === id);
    if (known?.from === from) return known;
    if (known !== undefined) throw new ChatError("CONFLICT", "This message id is taken.");

    const message: Message = { id, room, from, text, sentAt: Date.now(), delivered: false };
    history.push(message);
    if (history.length > HISTORY_LENGTH) history.shift();
    return message;
  }

  /** Oldest first. */
  historyOf(room: string): Message[] {
    return [...(this.#histories.get(room) ?? [])];
  }

  forget(room: string): void {
    this.#histories.delete(room);
  }
}
