import { randomHex } from "./identity.js";

/**
 * Sends messages and keeps their state: `waiting` (no connection), `sending`, `sent` (the server has it), `delivered`
 * (the others' pages have it), `failed`. A message keeps its id however often it is sent: the server adds it once.
 */
export class Outbox {
  #chat;

  constructor(chat) {
    this.#chat = chat;
  }

  add(room, text) {
    const message = { id: randomHex(12), room: room.name, from: this.#chat.me, text, sentAt: Date.now() };
    room.put({ ...message, state: "waiting" });
    return this.transmit(room, message.id);
  }

  /** After a return: what was on its way or waiting leaves again, in order. */
  async flush(room) {
    for (const { id } of room.unsent) await this.transmit(room, id);
  }

  async transmit(room, id) {
    const { connection } = this.#chat;
    if (!room.entered || !connection.isOpen) return this.#mark(room, id, "waiting");

    this.#mark(room, id, "sending");
    const { text } = room.find(id);
    try {
      room.put(await connection.request("message:send", { id, room: room.name, text }));
      this.#chat.changed();
    } catch (error) {
      if (!connection.isOpen) this.#mark(room, id, "waiting");
      else if (error.retryAfterMs > 0) setTimeout(() => this.transmit(room, id), error.retryAfterMs);
      else this.#mark(room, id, "failed", reasonOf(error));
    }
  }

  #mark(room, id, state, reason) {
    room.setState(id, state, reason);
    this.#chat.changed();
  }
}

function reasonOf(error) {
  return error.code === undefined ? "The server did not answer." : error.message;
}
