import { Injectable, OnDispose, Socket } from "rookery";
import { channelOf, userOf } from "./chat-socket.js";

const LONGEST_PAUSE_MS = 4_000;

/** Shows the others in which rooms one connection's user is typing, and takes it back when nothing more is heard. */
@Injectable({ scope: "connection" })
export class TypingIndicator {
  readonly #pauses = new Map<string, NodeJS.Timeout>();

  constructor(private readonly socket: Socket) {}

  show(room: string, active: boolean): void {
    clearTimeout(this.#pauses.get(room));
    this.#pauses.delete(room);
    if (active) this.#pauses.set(room, setTimeout(this.show.bind(this), LONGEST_PAUSE_MS, room, false));
    const user = userOf(this.socket).name;
    this.socket.to(channelOf(room)).volatile.emit("typing", { room, user, active });
  }

  @OnDispose()
  stop(): void {
    for (const pause of this.#pauses.values()) clearTimeout(pause);
  }
}
