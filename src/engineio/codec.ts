import {
  decodePacket as parsePacket,
  encodePacket as formatPacket,
  encodePayload as formatPayload,
} from "engine.io-parser";
import { EngineError } from "./errors.js";
import type { MessageData, Packet } from "./packet.js";

type ParsedPacket = ReturnType<typeof parsePacket>;

const SEPARATOR = "\u001e";

/**
 * Splits a polling body into packets (revision 4).
 *
 * @param body - UTF-8 text, at most `maxHttpBufferSize` bytes (checked by the caller); packets separated by U+001E.
 * @param maxPackets - more than that do not decode.
 * @returns packets in wire order; never empty.
 * @throws EngineError `ENGINE_BAD_PAYLOAD` when one packet does not decode; nothing is delivered then.
 * @see engine.io-protocol v4, "Payload encoding"
 */
export function decodePayload(body: string, maxPackets = Infinity): Packet[] {
  if (body.length > maxPackets && countPackets(body) > maxPackets) throw badPayload("too many packets");
  return body.split(SEPARATOR).map(parse);
}

function countPackets(body: string): number {
  let count = 1;
  for (let at = body.indexOf(SEPARATOR); at !== -1; at = body.indexOf(SEPARATOR, at + 1)) count += 1;
  return count;
}

/** Joins packets to a polling body; bytes travel as base64 (revision 4). */
export function encodePayload(packets: readonly Packet[]): string {
  const [first] = packets;
  // Most polls are answered with one message of text.
  if (packets.length === 1 && first?.type === "message" && typeof first.data === "string") return `4${first.data}`;
  let body = "";
  formatPayload(packets as never, (encoded) => (body = encoded));
  return body;
}

/**
 * Reads one WebSocket text frame.
 *
 * @throws EngineError `ENGINE_BAD_PAYLOAD` for an empty frame or an unknown type.
 */
export function decodePacket(frame: string): Packet {
  return parse(frame);
}

/** One packet as the data of one WebSocket frame: text, or the bare bytes of a binary message. */
export function encodePacket(packet: Packet): MessageData {
  let frame: MessageData = "";
  formatPacket(packet as never, true, (encoded: MessageData) => (frame = encoded));
  return frame;
}

/** The alphabet of RFC 4648, padded: node skips what is none of it, and reads something else than was sent. */
const BASE64 = /^[A-Za-z\d+/]*={0,2}$/;

/** Reads what stands for a binary message where only text travels. */
function isBadBase64(frame: string): boolean {
  return frame.startsWith("b") && ((frame.length - 1) % 4 !== 0 || !BASE64.test(frame.slice(1)));
}

function parse(frame: string): Packet {
  if (isBadBase64(frame)) throw badPayload("invalid base64");
  return checked(parsePacket(frame, "nodebuffer"));
}

function checked(packet: ParsedPacket): Packet {
  if (packet.type === "error") throw badPayload(String(packet.data));
  return packet as Packet;
}

function badPayload(detail: string): EngineError {
  return new EngineError("ENGINE_BAD_PAYLOAD", { values: { detail } });
}
