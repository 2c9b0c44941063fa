import { Injectable } from "rookery";
import type { Message } from "./message.js";

const MAX_ROOMS = 100;
const HISTORY_LENGTH = 50;

/** The last messages of each room, in memory. The room that was opened first is forgotten first. */
@Injectable()
export class MessageService {
  readonly #histories = new Map<string, Message[]>();
  #count = 0;

  add(message: Omit<Message, "id">): Message {
    const added = { id: ++this.#count, ...message };
    const history = this.#histories.get(message.room) ?? this.#open(message.room);
    history.push(added);
    if (history.length > HISTORY_LENGTH) history.shift();
    return added;
  }

  /** Oldest first. */
  historyOf(room: string): readonly Message[] {
    return [...(this.#histories.get(room) ?? [])];
  }

  #open(room: string): Message[] {
    const [oldest] = this.#histories.keys();
    if (oldest !== undefined && this.#histories.size >= MAX_ROOMS) this.#histories.delete(oldest);
    const history: Message[] = [];
    this.#histories.set(room, history);
    return history;
  }
}
