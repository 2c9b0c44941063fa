import {
  decodePacket as parsePacket,
  decodePayload as parsePayload,
  encodePacket as formatPacket,
  encodePayload as formatPayload,
} from "engine.io-parser";
import { EngineError } from "./errors.js";
import type { MessageData, Packet } from "./packet.js";

type ParsedPacket = ReturnType<typeof parsePacket>;

/**
 * Splits a polling body into packets (revision 4).
 *
 * @param body - UTF-8 text, at most `maxHttpBufferSize` bytes (checked by the caller); packets separated by U+001E.
 * @returns packets in wire order; never empty.
 * @throws EngineError `ENGINE_BAD_PAYLOAD` when one packet does not decode; nothing is delivered then.
 * @see engine.io-protocol v4, "Payload encoding"
 */
export function decodePayload(body: string): Packet[] {
  return parsePayload(body, "nodebuffer").map(checked);
}

/** Joins packets to a polling body; bytes travel as base64 (revision 4). */
export function encodePayload(packets: readonly Packet[]): string {
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
  return checked(parsePacket(frame, "nodebuffer"));
}

/** One packet as the data of one WebSocket frame: text, or the bare bytes of a binary message. */
export function encodePacket(packet: Packet): MessageData {
  let frame: MessageData = "";
  formatPacket(packet as never, true, (encoded: MessageData) => (frame = encoded));
  return frame;
}

function checked(packet: ParsedPacket): Packet {
  if (packet.type === "error") {
    throw new EngineError("ENGINE_BAD_PAYLOAD", { values: { detail: String(packet.data) } });
  }
  return packet as Packet;
}
