import * as defaultParser from "socket.io-parser";
import type { Deadlines } from "../../common/index.js";
import type { MessageData } from "../../engineio/index.js";
import type { SocketLimits } from "../limits.js";
import type { SocketError } from "../errors.js";
import type { Packet } from "../packet.js";
import { PluggedReader } from "./plugged-reader.js";
import { StandardEncoder } from "./standard-encoder.js";
import { StandardReader } from "./standard-reader.js";

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

/** A Parser of whatever types: those of socket.io-msgpack-parser are not what it does. */
export interface LooseParser {
  Encoder: new () => object;
  Decoder: new () => object;
}

/** Changes each value of a packet as it is read, or written, like the argument of `JSON.parse` and `JSON.stringify`. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the type of JSON.parse's argument
export type JsonTransform = (this: any, key: string, value: any) => unknown;

/** Reads the packets of one connection. */
export interface PacketReader {
  /** @throws SocketError `SOCKET_BAD_PACKET` */
  read(data: MessageData): void;
  destroy(): void;
}

/** What a reader needs from its connection. */
export interface PacketReaderHost {
  readonly deadlines: Deadlines;
  readonly reviver: JsonTransform | undefined;
  /** Whether packets of the namespace are welcome: asked before their attachments are waited for. */
  accepts(namespace: string): boolean;
  /** Told of what is found to be wrong while nothing is being read. */
  onBadPacket(error: SocketError): void;
}

/** The parser that every client speaks unless told otherwise. */
export const standardParser: Parser = defaultParser;

/** @param replacer - for the standard parser; others bring their own. */
export function createEncoder(parser: Parser, replacer: JsonTransform | undefined): PacketEncoder {
  return parser === standardParser ? new StandardEncoder(replacer) : new parser.Encoder();
}

/** @param onPacket - gets each packet. It must not throw. */
export function createPacketReader(
  parser: Parser,
  limits: SocketLimits,
  onPacket: (packet: Packet) => void,
  host: PacketReaderHost,
): PacketReader {
  return parser === standardParser
    ? new StandardReader(limits, onPacket, host)
    : new PluggedReader(parser, limits, onPacket, host);
}
