import { SocketError } from "./errors.js";

/** Name of a set of sockets. */
export type Room = string;

/**
 * Rooms as adapters know them: text. Numbers are converted; objects, null and the like, which a careless handler may
 * pass on from a client, are refused.
 *
 * @throws SocketError `SOCKET_BAD_ROOM`
 */
export function toRooms(rooms: unknown): Room[] {
  return Array.isArray(rooms) ? rooms.map(toRoom) : [toRoom(rooms)];
}

function toRoom(room: unknown): Room {
  if (typeof room === "string") return room;
  if (typeof room === "number") return String(room);
  throw new SocketError("SOCKET_BAD_ROOM", { values: { kind: room === null ? "null" : typeof room } });
}
