import type { Packet } from "../packet.js";
import { badPacket } from "./strict.js";

/** Where an attachment goes: the place of the placeholder that stands for it. */
interface Place {
  readonly holder: Record<string, unknown>;
  readonly key: string;
  readonly attachment: number;
}

/**
 * A packet whose attachments are still to come. socket.io-parser would take any number for that of an attachment, and
 * walks the data a second time in the end.
 */
export class Assembly {
  readonly packet: Packet;
  readonly #count: number;
  readonly #places: Place[] = [];
  readonly #attachments: Buffer[] = [];

  /**
   * @param packet - its data holds placeholders, and is nested no deeper than `checkPacketText` allows.
   * @param count - how many attachments come.
   * @throws SocketError `SOCKET_BAD_PACKET` for a placeholder that stands for none of them.
   */
  constructor(packet: Packet, count: number) {
    this.packet = packet;
    this.#count = count;
    this.#findPlaces(packet.data as Record<string, unknown>);
  }

  /** Takes the next attachment. @returns whether the packet is complete now. */
  add(bytes: Buffer): boolean {
    if (this.#attachments.push(bytes) < this.#count) return false;
    for (const { holder, key, attachment } of this.#places) holder[key] = this.#attachments[attachment];
    return true;
  }

  #findPlaces(holder: Record<string, unknown>): void {
    for (const key of Object.keys(holder)) {
      const value = holder[key];
      if (typeof value !== "object" || value === null) continue;
      const { _placeholder, num } = value as { _placeholder?: unknown; num?: unknown };
      if (_placeholder === true) this.#places.push({ holder, key, attachment: this.#checkNumber(num) });
      else this.#findPlaces(value as Record<string, unknown>);
    }
  }

  #checkNumber(attachment: unknown): number {
    const isOne = Number.isInteger(attachment) && (attachment as number) >= 0 && (attachment as number) < this.#count;
    if (!isOne) throw badPacket("illegal attachments");
    return attachment as number;
  }
}
