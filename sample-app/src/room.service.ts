import { Injectable } from "rookery";
import { ChatError } from "./chat-error.js";
import { MessageService } from "./message.service.js";
import type { User } from "./user.service.js";

const STANDING_ROOMS = ["lobby", "tea kitchen", "help desk"];
const MAX_ROOMS = 30;

export interface RoomSummary {
  readonly name: string;
  readonly members: number;
}

/** The rooms and who is in them. Joining a room that does not exist opens it. */
@Injectable()
export class RoomService {
  readonly #rooms = new Map<string, Set<User>>(STANDING_ROOMS.map((name) => [name, new Set()]));

  constructor(private readonly messages: MessageService) {}

  list(): RoomSummary[] {
    return [...this.#rooms].map(([name, members]) => ({ name, members: members.size }));
  }

  /** False when the user was there already. */
  join(name: string, user: User): boolean {
    const members = this.#rooms.get(name) ?? this.#open(name);
    if (members.has(user)) return false;
    members.add(user);
    return true;
  }

  /** False when the user was not there. */
  leave(name: string, user: User): boolean {
    return this.#rooms.get(name)?.delete(user) ?? false;
  }

  isMember(name: string, user: User): boolean {
    return this.#rooms.get(name)?.has(user) ?? false;
  }

  membersOf(name: string): string[] {
    return Array.from(this.#rooms.get(name) ?? [], (user) => user.name);
  }

  roomsOf(user: User): string[] {
    return [...this.#rooms.keys()].filter((name) => this.isMember(name, user));
  }

  #open(name: string): Set<User> {
    if (this.#rooms.size >= MAX_ROOMS) this.#closeOneEmptyRoom();
    const members = new Set<User>();
    this.#rooms.set(name, members);
    return members;
  }

  // An empty room stays until its place is needed: whoever lost the connection finds its history on return.
  #closeOneEmptyRoom(): void {
    const empty = [...this.#rooms].find(([name, members]) => members.size === 0 && !STANDING_ROOMS.includes(name));
    if (empty === undefined) throw new ChatError("TOO_MANY_ROOMS", "There are too many rooms already.");
    this.#rooms.delete(empty[0]);
    this.messages.forget(empty[0]);
  }
}
