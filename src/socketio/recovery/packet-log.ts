import { createId, toBuffer, type Clock } from "../../common/index.js";
import type { Room } from "../room.js";

/** What the encoder makes of one packet: text, or text and the buffers it refers to. */
export type EncodedPacket = readonly (string | Buffer)[];

/** A broadcast that somebody may have missed. */
export interface LoggedPacket {
  readonly namespace: string;
  /** Whoever is in any of them receives; everybody, when there is none. */
  readonly rooms: readonly Room[];
  readonly except: readonly Room[];
  readonly encoded: EncodedPacket;
}

/** A packet as it is kept. */
export interface LogEntry extends LoggedPacket {
  readonly position: number;
  readonly loggedAtMs: number;
  readonly bytes: number;
}

export interface PacketLogLimits {
  readonly maxLogPackets: number;
  readonly maxLogBytes: number;
  readonly maxDisconnectionDuration: number;
}

/** What an entry costs beside its payload. */
const ENTRY_BYTES = 200;
/** How much of the array may be empty before it is cut. */
const MAX_EMPTY = 1_024;

/**
 * The newest packets, numbered without a gap. What exceeds a limit goes, the oldest first; positions before it are then
 * out of reach, so nobody is told that nothing was missed when something was.
 *
 * Packets are kept as they were encoded: their size is known, and later changes of the data do not touch them.
 */
export class PacketLog {
  readonly #limits: PacketLogLimits;
  readonly #clock: Clock;
  /** Offsets of another server, or of this one before it was started anew, must not pass for ours. */
  readonly #origin = createId().slice(0, 8);
  #entries: (LogEntry | undefined)[] = [];
  /** Index of the oldest entry; before it the array is empty. */
  #head = 0;
  #bytes = 0;
  #position = 0;

  constructor(limits: PacketLogLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /** Number of the newest packet. */
  get position(): number {
    return this.#position;
  }

  /** How many packets are kept. */
  get size(): number {
    return this.#entries.length - this.#head;
  }

  /** What they weigh. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @returns the offset that the next packet has to carry to its receivers. */
  nextOffset(): string {
    return `${this.#origin}.${(this.#position + 1).toString(36)}`;
  }

  /**
   * Reads what a client gives for the offset of the last packet it has received.
   *
   * @returns its position; 0 for an offset of another log; undefined for what is no offset.
   */
  positionOf(offset: string): number | undefined {
    const [, origin, number = ""] = /^([\w-]{8})\.([0-9a-z]{1,10})$/.exec(offset) ?? [];
    if (origin === undefined) return undefined;
    return origin === this.#origin ? parseInt(number, 36) : 0;
  }

  /** Whether all packets after `position` are there. */
  reaches(position: number): boolean {
    this.expire();
    return position <= this.#position && position >= this.#position - this.size;
  }

  /** @returns the position of the packet. */
  append(packet: LoggedPacket): number {
    const encoded = packet.encoded.map(snapshot);
    const bytes = ENTRY_BYTES + sizeOf(encoded) + lengthOf(packet.rooms) + lengthOf(packet.except);
    this.#position += 1;
    this.#entries.push({ ...packet, encoded, bytes, position: this.#position, loggedAtMs: this.#clock.now() });
    this.#bytes += bytes;
    this.expire();
    return this.#position;
  }

  /** The packet of that number; it must be within reach. */
  at(position: number): LogEntry | undefined {
    return this.#entries[this.#entries.length - 1 - (this.#position - position)];
  }

  /** Drops what is beyond the limits. */
  expire(): void {
    const { maxLogPackets, maxLogBytes, maxDisconnectionDuration } = this.#limits;
    const oldestMs = this.#clock.now() - maxDisconnectionDuration;
    for (let oldest = this.#entries[this.#head]; oldest !== undefined; oldest = this.#entries[this.#head]) {
      if (this.size <= maxLogPackets && this.#bytes <= maxLogBytes && oldest.loggedAtMs >= oldestMs) break;
      this.#entries[this.#head] = undefined;
      this.#head += 1;
      this.#bytes -= oldest.bytes;
    }
    if (this.#head > MAX_EMPTY && this.#head * 2 > this.#entries.length) this.#cut();
  }

  clear(): void {
    this.#entries = [];
    this.#head = 0;
    this.#bytes = 0;
  }

  #cut(): void {
    this.#entries = this.#entries.slice(this.#head);
    this.#head = 0;
  }
}

/** Buffers belong to the user, who may fill them anew. */
function snapshot(part: string | Buffer): string | Buffer {
  return typeof part === "string" ? part : Buffer.from(toBuffer(part));
}

function sizeOf(encoded: EncodedPacket): number {
  let bytes = 0;
  for (const part of encoded) bytes += Buffer.byteLength(part);
  return bytes;
}

function lengthOf(rooms: readonly Room[]): number {
  let length = 0;
  for (const room of rooms) length += room.length;
  return length;
}
