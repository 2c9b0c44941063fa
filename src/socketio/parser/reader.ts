import * as defaultParser from "socket.io-parser";
import type { MessageData } from "../../engineio/index.js";
import type { SocketLimits } from "../limits.js";
import type { SocketError } from "../errors.js";
import { PacketType, type Packet } from "../packet.js";
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
    checkPacketText(text, this.#limits);
    if (text.charCodeAt(0) >= 53 /* "5": binary types follow */) {
      checkPlaceholders(text);
      this.#assembler = new defaultParser.Decoder();
      this.#assembler.on("decoded", this.#finish);
      this.#assemble(text);
      return;
    }
    decoded = undefined;
    try {
      textDecoder.add(text);
    } catch (error) {
      throw undecodable(error);
    }
    this.#deliver();
  }

  #assemble(data: MessageData): void {
    if (this.#assembler === undefined) throw badPacket("got binary data when not reconstructing a packet");
    decoded = undefined;
    try {
      this.#assembler.add(data);
    } catch (error) {
      throw undecodable(error);
    }
    this.#deliver();
  }

  readonly #finish = (packet: Packet): void => {
    this.#assembler = undefined;
    decoded = packet;
  };

  /** Outside of the catch that guards decoding: what handlers throw is not a bad packet. */
  #deliver(): void {
    const packet = decoded;
    if (packet === undefined) return;
    decoded = undefined;
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
