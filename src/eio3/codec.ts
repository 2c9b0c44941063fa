import { EngineError, type Packet, type PacketType } from "../engineio/index.js";

/** Packet types by the digit that stands for them. */
const TYPES: readonly PacketType[] = ["open", "close", "ping", "pong", "message", "upgrade", "noop"];
const MESSAGE = TYPES.indexOf("message");
const ZERO = "0".charCodeAt(0);

/** `b`, the type, base64: how bytes travel where only text does. */
const BASE64_PREFIX = `b${MESSAGE}`;
const BASE64 = /^[A-Za-z\d+/]*={0,2}$/;

/**
 * One packet as text: its type's digit and its data.
 *
 * @see engine.io-protocol v3, "Packet encoding"
 */
export function encodeText({ type, data = "" }: Packet): string {
  return typeof data === "string" ? `${TYPES.indexOf(type)}${data}` : BASE64_PREFIX + data.toString("base64");
}

/** A binary message as bytes: its type is a byte too, the number and not the digit. */
export function encodeBytes(data: Buffer): Buffer {
  const packet = Buffer.allocUnsafe(data.length + 1);
  packet[0] = MESSAGE;
  data.copy(packet, 1);
  return packet;
}

/** @throws EngineError `ENGINE_BAD_PAYLOAD` */
export function decodeText(packet: string): Packet {
  if (packet.startsWith("b")) return { type: "message", data: decodeBase64(packet) };
  const type = TYPES[packet.charCodeAt(0) - ZERO];
  if (type === undefined) throw badPayload("unknown packet type");
  return packet.length === 1 ? { type } : { type, data: packet.slice(1) };
}

/**
 * Reads a packet that came as bytes. Only messages carry bytes.
 *
 * @throws EngineError `ENGINE_BAD_PAYLOAD`
 */
export function decodeBytes(packet: Buffer): Packet {
  if (packet[0] !== MESSAGE) throw badPayload("bytes that are no message");
  return { type: "message", data: packet.subarray(1) };
}

export function badPayload(detail: string): EngineError {
  return new EngineError("ENGINE_BAD_PAYLOAD", { values: { detail } });
}

/** Node skips what is no base64; a client that sends such has sent something else. */
function decodeBase64(packet: string): Buffer {
  const text = packet.slice(BASE64_PREFIX.length);
  if (!packet.startsWith(BASE64_PREFIX) || text.length % 4 !== 0 || !BASE64.test(text)) {
    throw badPayload("invalid base64");
  }
  return Buffer.from(text, "base64");
}
