import { isReservedEvent, PacketType, type Packet } from "../packet.js";
import { badPacket } from "./strict.js";

/**
 * Decodes an event or acknowledgement without attachments, which nearly all packets are; its head has been checked.
 * socket.io-parser reads the same (a property test holds the two together) but walks the head character by character.
 *
 * @param dataAt - where its data begins.
 * @throws SocketError `SOCKET_BAD_PACKET`
 */
export function decodePlain(type: PacketType.EVENT | PacketType.ACK, text: string, dataAt: number): Packet {
  const packet: Packet = { type, nsp: "/", data: parse(text.slice(dataAt)) };
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

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw badPacket("invalid payload", error);
  }
}

function checkEvent(name: unknown): void {
  const isName = typeof name === "string" ? !isReservedEvent(name) : typeof name === "number";
  if (!isName) throw badPacket("invalid payload");
}
