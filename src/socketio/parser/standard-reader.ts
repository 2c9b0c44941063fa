import { Decoder } from "socket.io-parser";
import type { Deadline } from "../../common/index.js";
import type { MessageData } from "../../engineio/index.js";
import type { SocketLimits } from "../limits.js";
import { PacketType, type Packet } from "../packet.js";
import { Assembly } from "./assembly.js";
import { checkNameLength, decodePlain } from "./plain-packet.js";
import type { JsonTransform, PacketReader, PacketReaderHost } from "./reader.js";
import { badPacket, checkPacketText, incomplete, undecodable } from "./strict.js";

// Text packets leave no state behind, so one decoder serves all connections and an idle one holds none.
let decoded: Packet | undefined;
const textDecoder = createDecoder();

function createDecoder(reviver?: JsonTransform): Decoder {
  const decoder = new Decoder(reviver);
  decoder.on("decoded", (packet: Packet) => (decoded = packet));
  return decoder;
}

/**
 * Reads what socket.io-parser writes, strictly: events and acknowledgements here, with attachments or without, all other
 * packets by that parser.
 */
export class StandardReader implements PacketReader {
  readonly #limits: SocketLimits;
  readonly #onPacket: (packet: Packet) => void;
  readonly #host: PacketReaderHost;
  #assembly: Assembly | undefined;
  #bytes = 0;
  #deadline: Deadline | undefined;

  constructor(limits: SocketLimits, onPacket: (packet: Packet) => void, host: PacketReaderHost) {
    this.#limits = limits;
    this.#onPacket = onPacket;
    this.#host = host;
  }

  read(data: MessageData): void {
    if (typeof data !== "string") this.#addAttachment(data);
    else if (this.#assembly === undefined) this.#readText(data);
    else throw badPacket("got plaintext data when reconstructing a packet");
  }

  destroy(): void {
    this.#deadline?.cancel();
    this.#assembly = undefined;
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
        this.#beginAssembly(PacketType.EVENT, text, dataAt);
        break;
      case "6":
        this.#beginAssembly(PacketType.ACK, text, dataAt);
        break;
      default:
        this.#decode(text);
    }
  }

  #beginAssembly(type: PacketType.EVENT | PacketType.ACK, text: string, dataAt: number): void {
    // The count of attachments stands between the type and what all packets have.
    const countEnd = text.indexOf("-");
    const packet = decodePlain(type, text.slice(countEnd), dataAt - countEnd, this.#host.reviver);
    if (!this.#host.accepts(packet.nsp)) throw badPacket("attachments for a namespace never joined");
    const assembly = new Assembly(packet, Number(text.slice(1, countEnd)));
    this.#assembly = assembly;
    this.#bytes = 0;
    // Most attachments come in the same read as their packet, and need no deadline (bench scenario binary-1kb).
    queueMicrotask(() => {
      if (this.#assembly === assembly) this.#limitTime();
    });
  }

  #limitTime(): void {
    this.#deadline = this.#host.deadlines.add(this.#limits.packetCompletionTimeout, () => {
      this.#host.onBadPacket(incomplete());
    });
  }

  #addAttachment(bytes: Buffer): void {
    const assembly = this.#assembly;
    if (assembly === undefined) throw badPacket("got binary data when not reconstructing a packet");
    if ((this.#bytes += bytes.length) > this.#limits.maxBinaryBytes) throw badPacket("attachments too large");
    if (!assembly.add(bytes)) return;
    this.#assembly = undefined;
    this.#deadline?.cancel();
    this.#deadline = undefined;
    this.#deliver(assembly.packet);
  }

  #decode(text: string): void {
    const { reviver } = this.#host;
    decoded = undefined;
    try {
      (reviver === undefined ? textDecoder : createDecoder(reviver)).add(text);
    } catch (error) {
      throw undecodable(error);
    }
    // Outside of the catch: what handlers throw is not a bad packet.
    const packet = decoded as Packet | undefined;
    decoded = undefined;
    if (packet !== undefined) this.#deliver(packet);
  }

  #deliver(packet: Packet): void {
    if (packet.type === PacketType.EVENT) checkNameLength((packet.data as unknown[])[0], this.#limits);
    this.#onPacket(packet);
  }
}
