import { isUtf8 } from "node:buffer";
import type { MessageData, Packet } from "../engineio/index.js";
import { badPayload, decodeBytes, decodeText, encodeBytes, encodeText } from "./codec.js";

/*
 * A polling body is a sequence of packets, each behind its length in decimal:
 *
 *   as text   <length in UTF-16 code units> ":" <packet>
 *   as bytes  <0 for text, 1 for bytes> <a byte for each digit of the length in bytes> <255> <packet>
 *
 * See engine.io-protocol v3, "Payload".
 */

const IS_TEXT = 0;
const IS_BYTES = 1;
const LENGTH_END = 255;
/** More digits than any body has bytes. */
const MAX_DIGITS = 9;
/** No sign, no space, no leading zero: a length as every client writes it. */
const TEXT_LENGTH = new RegExp(`([1-9]\\d{0,${MAX_DIGITS - 1}}):`, "y");

/** @returns text; bytes when there are some among the packets and the client takes them. */
export function encodePayload(packets: readonly Packet[], takesBytes: boolean): MessageData {
  return takesBytes && packets.some(isBinary) ? encodeAsBytes(packets) : encodeAsText(packets);
}

/**
 * Splits a body into packets.
 *
 * @param body - text, or bytes as they were posted.
 * @param maxPackets - a body of more does not decode.
 * @returns packets in wire order; never empty.
 * @throws EngineError `ENGINE_BAD_PAYLOAD` when one packet does not decode.
 */
export function decodePayload(body: MessageData, maxPackets: number): Packet[] {
  const packets: Packet[] = [];
  const next = typeof body === "string" ? nextOfText : nextOfBytes;
  let at = 0;
  do {
    const { packet, end } = next(body as never, at);
    if (packets.push(packet) > maxPackets) throw badPayload("too many packets");
    at = end;
  } while (at < body.length);
  return packets;
}

/** One packet of a body, and where it ends: always behind where it began. */
interface Entry {
  readonly packet: Packet;
  readonly end: number;
}

function nextOfText(body: string, start: number): Entry {
  TEXT_LENGTH.lastIndex = start;
  const [head, length] = TEXT_LENGTH.exec(body) ?? [];
  if (head === undefined) throw badPayload("invalid length");
  const from = start + head.length;
  const end = endOf(body, from, Number(length));
  return { packet: decodeText(body.slice(from, end)), end };
}

function nextOfBytes(body: Buffer, start: number): Entry {
  const kind = body[start];
  const { length, from } = readLength(body, start + 1);
  const end = endOf(body, from, length);
  const bytes = body.subarray(from, end);
  if (kind === IS_BYTES) return { packet: decodeBytes(bytes), end };
  if (kind !== IS_TEXT || !isUtf8(bytes)) throw badPayload("neither text nor bytes");
  return { packet: decodeText(bytes.toString()), end };
}

function readLength(body: Buffer, start: number): { length: number; from: number } {
  let length = 0;
  for (let at = start; at <= start + MAX_DIGITS; at += 1) {
    const digit = body[at];
    if (digit === LENGTH_END && length > 0) return { length, from: at + 1 };
    if (digit === undefined || digit > 9) break;
    length = length * 10 + digit;
    if (length === 0) break;
  }
  throw badPayload("invalid length");
}

function endOf(body: MessageData, from: number, length: number): number {
  if (from + length > body.length) throw badPayload("shorter than its length");
  return from + length;
}

function encodeAsText(packets: readonly Packet[]): string {
  let body = "";
  for (const packet of packets) {
    const text = encodeText(packet);
    body += `${text.length}:${text}`;
  }
  return body;
}

function encodeAsBytes(packets: readonly Packet[]): Buffer {
  return Buffer.concat(packets.flatMap(toEntry));
}

function toEntry(packet: Packet): Buffer[] {
  const { data } = packet;
  const bytes = Buffer.isBuffer(data) ? encodeBytes(data) : Buffer.from(encodeText(packet));
  return [Buffer.from([Buffer.isBuffer(data) ? IS_BYTES : IS_TEXT, ...digitsOf(bytes.length), LENGTH_END]), bytes];
}

function digitsOf(length: number): number[] {
  return Array.from(String(length), Number);
}

function isBinary({ data }: Packet): boolean {
  return Buffer.isBuffer(data);
}
