import { onAnyEvent, type ClientSocket } from "./clients.js";
import { nextEvent } from "./waiting.js";

/** Everything a client receives, in order. What did not come is known once an event sent later has come. */
export class Journal {
  readonly entries: unknown[][] = [];
  readonly #client: ClientSocket;

  constructor(client: ClientSocket) {
    this.#client = client;
    onAnyEvent(client, (...entry) => {
      this.entries.push(entry);
    });
  }

  /** The events and arguments that came before the first event named `fence`. */
  async before(fence: string): Promise<unknown[][]> {
    const position = (): number => this.entries.findIndex(([event]) => event === fence);
    if (position() === -1) await nextEvent(this.#client, fence);
    return this.entries.slice(0, position());
  }
}
