import * as defaultParser from "socket.io-parser";
import type { MessageData } from "../../engineio/index.js";
import type { SocketLimits } from "../limits.js";
import type { SocketError } from "../errors.js";
import { PacketType, type Packet } from "../packet.js";
import { decodePlain } from "./plain-packet.js";
import { badPacket, checkPacketText, checkPlaceholders } from "./strict.js";

/** Turns packets into what travels: text, or text followed by the buffers it refers to. */
export interface PacketEncoder {
  encode(packet: Packet): (string | Buffer)[];
}

/** The reverse, one per connection; emits "decoded" for each complete packet. */
export interface PacketDecoder {
  add(data: MessageData): void;
  on(event: "decoded", listener: (packet: Packet) => void): unknown;
  destroy(): void;
}

/** What the option `parser` takes: socket.io-parser, socket.io-msgpack-parser or one of the user's. */
export interface Parser {
  Encoder: new () => PacketEncoder;
  Decoder: new () => PacketDecoder;
}

/** Reads the packets of one connection. */
export interface PacketReader {
  /** @throws SocketError `SOCKET_BAD_PACKET` */
  read(data: MessageData): void;
  destroy(): void;
}

/** The parser that every client speaks unless told otherwise. */
export const standardParser: Parser = defaultParser;

export function createPacketReader(
  parser: Parser,
  limits: SocketLimits,
  onPacket: (packet: Packet) => void,
): PacketReader {
  return parser === standardParser ? new StandardReader(limits, onPacket) : new PluggedReader(parser, onPacket);
}

// Text packets leave no state behind, so one decoder serves all connections and an idle one holds none.
let decoded: Packet | undefined;
const textDecoder = new defaultParser.Decoder();
textDecoder.on("decoded", (packet) => (decoded = packet));

/** socket.io-parser behind strict checks; a decoder of its own only while a binary packet is incomplete. */
class StandardReader implements PacketReader {
  readonly #limits: SocketLimits;
  readonly #onPacket: (packet: Packet) => void;
  #assembler: defaultParser.Decoder | undefined;

  constructor(limits: SocketLimits, onPacket: (packet: Packet) => void) {
    this.#limits = limits;
    this.#onPacket = onPacket;
  }

  read(data: MessageData): void {
    if (typeof data === "string" && this.#assembler === undefined) this.#readText(data);
    else this.#assemble(data);
  }

  destroy(): void {
    this.#assembler?.destroy();
    this.#assembler = undefined;
  }

  #readText(text: string): void {
    const dataAt = checkPacketText(text, this.#limits);
    switch (text[0]) {
      case "2":
        this.#deliver(decodePlain(PacketType.EVENT, text, dataAt));
        break;
      case "3":
        this.#deliver(decodePlain(PacketType.ACK, text, dataAt));
        break;
      case "5":
      case "6":
        this.#beginAssembly(text);
        break;
      default:
        this.#decode(textDecoder, text);
    }
  }

  #beginAssembly(text: string): void {
    checkPlaceholders(text);
    this.#assembler = new defaultParser.Decoder();
    this.#assembler.on("decoded", this.#finish);
    this.#decode(this.#assembler, text);
  }

  #assemble(data: MessageData): void {
    if (this.#assembler === undefined) throw badPacket("got binary data when not reconstructing a packet");
    this.#decode(this.#assembler, data);
  }

  #decode(decoder: defaultParser.Decoder, data: MessageData): void {
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

  readonly #finish = (packet: Packet): void => {
    this.#assembler = undefined;
    decoded = packet;
  };

  #deliver(packet: Packet): void {
    if (packet.type === PacketType.EVENT) this.#checkEventName((packet.data as unknown[])[0]);
    this.#onPacket(packet);
  }

  #checkEventName(name: unknown): void {
    if (String(name).length > this.#limits.maxEventNameLength) throw badPacket("event name too long");
  }
}

/** A parser of the user's: it may emit any number of packets, or throw anything. */
class PluggedReader implements PacketReader {
  readonly #decoder: PacketDecoder;

  constructor(parser: Parser, onPacket: (packet: Packet) => void) {
    this.#decoder = new parser.Decoder();
    this.#decoder.on("decoded", onPacket);
  }

  read(data: MessageData): void {
    try {
      this.#decoder.add(data);
    } catch (error) {
      throw undecodable(error);
    }
  }

  destroy(): void {
    this.#decoder.destroy();
  }
}

function undecodable(error: unknown): SocketError {
  return badPacket(error instanceof Error ? error.message : String(error), error);
}
