import type { SocketLimits } from "../limits.js";
import { PacketType, type Packet } from "../packet.js";
import { checkEvent, checkNameLength } from "./plain-packet.js";
import { badPacket } from "./strict.js";

/**
 * What the strict checks see to in front of the standard parser, of a packet that another one has read: it may let
 * anything pass.
 *
 * @param packet - whatever the parser emitted.
 * @throws SocketError `SOCKET_BAD_PACKET`; TypeError when the packet is no object.
 */
export function checkDecoded(packet: Packet, limits: SocketLimits): void {
  const { type, nsp, id } = packet;
  const data: unknown = packet.data;
  if (typeof nsp !== "string") throw badPacket("invalid namespace");
  if (nsp.length > limits.maxNamespaceLength) throw badPacket("namespace name too long");
  if (id !== undefined && !(Number.isSafeInteger(id) && id >= 0)) throw badPacket("ack id out of range");
  if (!isDataOf(type, data)) throw badPacket("invalid payload");
  checkShape([data], limits, { items: 0 }, 0);
  if (type !== PacketType.EVENT) return;
  const [name] = data as unknown[];
  checkEvent(name);
  checkNameLength(name, limits);
}

/** Clients send no other types. */
function isDataOf(type: PacketType, data: unknown): boolean {
  switch (type) {
    case PacketType.CONNECT:
      return data === undefined || data === null || (typeof data === "object" && !Array.isArray(data));
    case PacketType.DISCONNECT:
      return data === undefined || data === null;
    case PacketType.EVENT:
    case PacketType.ACK:
      return Array.isArray(data);
    default:
      return false;
  }
}

/** Calls itself as deep as the limit at most. */
function checkShape(value: object, limits: SocketLimits, count: { items: number }, depth: number): void {
  if (depth > limits.maxPayloadDepth) throw badPacket("payload nested too deeply");
  for (const item of Object.values(value)) {
    if ((count.items += 1) > limits.maxPayloadItems) throw badPacket("payload of too many items");
    if (typeof item === "object" && item !== null && !isBytes(item)) {
      checkShape(item as object, limits, count, depth + 1);
    }
  }
}

function isBytes(value: unknown): boolean {
  return ArrayBuffer.isView(value) || value instanceof ArrayBuffer;
}
