import { toBuffer, type Deadline } from "../../common/index.js";
import type { MessageData } from "../../engineio/index.js";
import type { SocketLimits } from "../limits.js";
import { PacketType, type Packet } from "../packet.js";
import { checkDecoded } from "./decoded-packet.js";
import { checkMsgpack, speaksMsgpack } from "./msgpack.js";
import type { PacketDecoder, PacketReader, PacketReaderHost, Parser } from "./reader.js";
import { badPacket, incomplete, undecodable } from "./strict.js";

/**
 * A parser of the user's: it may emit any number of packets, at once or later, or throw anything. What it emits is
 * checked like what the standard parser reads; what it holds back is bounded in bytes and time.
 */
export class PluggedReader implements PacketReader {
  readonly #decoder: PacketDecoder;
  readonly #limits: SocketLimits;
  readonly #onPacket: (packet: Packet) => void;
  readonly #host: PacketReaderHost;
  readonly #isMsgpack: boolean;
  /** Size of the messages since the last packet. */
  #heldBytes = 0;
  #deadline: Deadline | undefined;

  constructor(parser: Parser, limits: SocketLimits, onPacket: (packet: Packet) => void, host: PacketReaderHost) {
    this.#limits = limits;
    this.#onPacket = onPacket;
    this.#host = host;
    this.#isMsgpack = speaksMsgpack(parser);
    this.#decoder = new parser.Decoder();
    this.#decoder.on("decoded", (packet) => {
      this.#take(packet);
    });
  }

  read(data: MessageData): void {
    if (this.#isMsgpack) this.#checkMsgpack(data);
    this.#hold(typeof data === "string" ? Buffer.byteLength(data) : data.byteLength);
    try {
      this.#decoder.add(data);
    } catch (error) {
      throw undecodable(error);
    }
  }

  destroy(): void {
    this.#release();
    try {
      this.#decoder.destroy();
    } catch {
      // The connection has ended: nobody is left to be told.
    }
  }

  #checkMsgpack(data: MessageData): void {
    if (typeof data === "string") throw badPacket("got plaintext data in place of msgpack");
    checkMsgpack(toBuffer(data), this.#limits);
  }

  /** A packet may still be incomplete; the deadline is that of its first message. */
  #hold(bytes: number): void {
    this.#heldBytes += bytes;
    if (this.#heldBytes > this.#limits.maxBinaryBytes) throw badPacket("attachments too large");
    this.#deadline ??= this.#host.deadlines.add(this.#limits.packetCompletionTimeout, () => {
      this.#host.onBadPacket(incomplete());
    });
  }

  #release(): void {
    this.#heldBytes = 0;
    this.#deadline?.cancel();
    this.#deadline = undefined;
  }

  /** Throws nothing: a decoder that takes its time would have nobody to catch it. */
  #take(packet: Packet): void {
    const bytes = this.#heldBytes;
    this.#release();
    try {
      checkDecoded(packet, this.#limits);
      if (packet.type === PacketType.CONNECT && bytes > this.#limits.maxAuthBytes) throw badPacket("auth too large");
      this.#onPacket(packet);
    } catch (error) {
      this.#host.onBadPacket(undecodable(error));
    }
  }
}
