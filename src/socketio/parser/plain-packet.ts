import type { SocketLimits } from "../limits.js";
import { isReservedEvent, PacketType, type Packet } from "../packet.js";
import type { JsonTransform } from "./reader.js";
import { badPacket } from "./strict.js";

/**
 * Decodes an event or acknowledgement without attachments, which nearly all packets are; its head has been checked.
 * socket.io-parser reads the same (a property test holds the two together) but walks the head character by character.
 *
 * @param dataAt - where its data begins.
 * @throws SocketError `SOCKET_BAD_PACKET`
 */
export function decodePlain(
  type: PacketType.EVENT | PacketType.ACK,
  text: string,
  dataAt: number,
  reviver?: JsonTransform,
): Packet {
  const packet: Packet = { type, nsp: "/", data: parse(text.slice(dataAt), reviver) };
  if (dataAt > 1) readHead(text.slice(1, dataAt), packet);
  if (type === PacketType.EVENT) checkEvent((packet.data as unknown[])[0]);
  return packet;
}

/** `/chat,7`: both parts are optional. */
function readHead(head: string, packet: Packet): void {
  const idAt = head.indexOf(",") + 1;
  if (idAt > 0) packet.nsp = head.slice(0, idAt - 1);
  if (idAt < head.length) packet.id = Number(head.slice(idAt));
}

function parse(json: string, reviver: JsonTransform | undefined): unknown {
  let data: unknown;
  try {
    data = JSON.parse(json, reviver);
  } catch (error) {
    throw badPacket("invalid payload", error);
  }
  // A reviver may make anything of what began as a list.
  if (reviver !== undefined && !Array.isArray(data)) throw badPacket("invalid payload");
  return data;
}

/** Names are text or numbers, and none of the protocol's own. @throws SocketError `SOCKET_BAD_PACKET` */
export function checkEvent(name: unknown): void {
  const isName = typeof name === "string" ? !isReservedEvent(name) : typeof name === "number";
  if (!isName) throw badPacket("invalid payload");
}

/** @throws SocketError `SOCKET_BAD_PACKET` */
export function checkNameLength(name: unknown, { maxEventNameLength }: SocketLimits): void {
  if (String(name).length > maxEventNameLength) throw badPacket("event name too long");
}
