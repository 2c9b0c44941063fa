import { Decoder } from "socket.io-parser";
import type { Deadline } from "../../common/index.js";
import type { MessageData } from "../../engineio/index.js";
import type { SocketLimits } from "../limits.js";
import { PacketType, type Packet } from "../packet.js";
import { checkNameLength, decodePlain } from "./plain-packet.js";
import type { PacketReader, PacketReaderHost } from "./reader.js";
import { badPacket, checkPacketText, checkPlaceholders, incomplete, namespaceOf, undecodable } from "./strict.js";

// Text packets leave no state behind, so one decoder serves all connections and an idle one holds none.
let decoded: Packet | undefined;
const textDecoder = new Decoder();
textDecoder.on("decoded", (packet) => (decoded = packet));

/** socket.io-parser behind strict checks; a decoder of its own only while a binary packet is incomplete. */
export class StandardReader implements PacketReader {
  readonly #limits: SocketLimits;
  readonly #onPacket: (packet: Packet) => void;
  readonly #host: PacketReaderHost;
  #assembler: Decoder | undefined;
  #bytes = 0;
  #deadline: Deadline | undefined;

  constructor(limits: SocketLimits, onPacket: (packet: Packet) => void, host: PacketReaderHost) {
    this.#limits = limits;
    this.#onPacket = onPacket;
    this.#host = host;
  }

  read(data: MessageData): void {
    if (typeof data === "string" && this.#assembler === undefined) this.#readText(data);
    else this.#assemble(data);
  }

  destroy(): void {
    this.#deadline?.cancel();
    this.#assembler?.destroy();
    this.#assembler = undefined;
  }

  #readText(text: string): void {
    const dataAt = checkPacketText(text, this.#limits);
    switch (text[0]) {
      case "2":
        this.#deliver(decodePlain(PacketType.EVENT, text, dataAt, this.#host.reviver));
        break;
      case "3":
        this.#deliver(decodePlain(PacketType.ACK, text, dataAt, this.#host.reviver));
        break;
      case "5":
      case "6":
        this.#beginAssembly(text, dataAt);
        break;
      default:
        this.#decode(this.#host.reviver === undefined ? textDecoder : this.#createDecoder(), text);
    }
  }

  #beginAssembly(text: string, dataAt: number): void {
    if (!this.#host.accepts(namespaceOf(text, dataAt))) throw badPacket("attachments for a namespace never joined");
    checkPlaceholders(text, dataAt);
    this.#assembler = this.#createDecoder();
    this.#bytes = 0;
    this.#deadline = this.#host.deadlines.add(this.#limits.packetCompletionTimeout, () => {
      this.#host.onBadPacket(incomplete());
    });
    this.#decode(this.#assembler, text);
  }

  #assemble(data: MessageData): void {
    if (this.#assembler === undefined) throw badPacket("got binary data when not reconstructing a packet");
    if ((this.#bytes += data.length) > this.#limits.maxBinaryBytes) throw badPacket("attachments too large");
    this.#decode(this.#assembler, data);
  }

  #createDecoder(): Decoder {
    const { reviver } = this.#host;
    const { maxAttachments } = this.#limits;
    const decoder = new Decoder(reviver === undefined ? { maxAttachments } : { maxAttachments, reviver });
    decoder.on("decoded", (packet: Packet) => {
      this.#finish(packet);
    });
    return decoder;
  }

  #decode(decoder: Decoder, data: MessageData): void {
    decoded = undefined;
    try {
      decoder.add(data);
    } catch (error) {
      throw undecodable(error);
    }
    // Outside of the catch: what handlers throw is not a bad packet.
    const packet = decoded as Packet | undefined;
    decoded = undefined;
    if (packet !== undefined) this.#deliver(packet);
  }

  #finish(packet: Packet): void {
    this.#assembler = undefined;
    this.#deadline?.cancel();
    this.#deadline = undefined;
    decoded = packet;
  }

  #deliver(packet: Packet): void {
    if (packet.type === PacketType.EVENT) checkNameLength((packet.data as unknown[])[0], this.#limits);
    this.#onPacket(packet);
  }
}
