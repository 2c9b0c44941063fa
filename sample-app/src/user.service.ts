import { Injectable } from "rookery";
import { ChatError } from "./chat-error.js";
import { nameKey } from "./display-name.js";
import type { Credentials } from "./dto/credentials.dto.js";

const MAX_USERS = 500;

/** One person on one connection. */
export interface User {
  readonly name: string;
  readonly key: string;
  readonly socketId: string;
}

export interface Entrance {
  readonly user: User;
  /** The same person's earlier connection, when it was still held. */
  readonly replaced: User | undefined;
}

/** Who is online; a name belongs to one connection at a time. */
@Injectable()
export class UserService {
  readonly #online = new Map<string, User>();

  get isFull(): boolean {
    return this.#online.size >= MAX_USERS;
  }

  enter({ name, key }: Credentials, socketId: string): Entrance {
    const holder = this.#online.get(nameKey(name));
    if (holder !== undefined && holder.key !== key) {
      throw new ChatError("NAME_TAKEN", `Somebody is already here as ${holder.name}.`);
    }
    const user: User = { name, key, socketId };
    this.#online.set(nameKey(name), user);
    return { user, replaced: holder };
  }

  /** Frees the name, unless a newer connection of the same person has taken it over. */
  exit(user: User): void {
    const id = nameKey(user.name);
    if (this.#online.get(id) === user) this.#online.delete(id);
  }
}
