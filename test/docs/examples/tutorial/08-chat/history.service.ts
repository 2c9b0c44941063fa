// history.service.ts
import { Injectable } from "rookery";

const LENGTH = 50;

export interface Message {
  readonly from: string;
  readonly text: string;
}

@Injectable()
export class HistoryService {
  readonly #rooms = new Map<string, Message[]>();

  add(room: string, message: Message): Message {
    this.#rooms.set(room, [...this.of(room), message].slice(-LENGTH));
    return message;
  }

  of(room: string): readonly Message[] {
    return this.#rooms.get(room) ?? [];
  }
}
