import { SocketError } from "./errors.js";
import type { SocketLimits } from "./limits.js";

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

/** The same for one room. @throws SocketError `SOCKET_BAD_ROOM` */
export function toRoom(room: unknown): Room {
  if (typeof room === "string") return room;
  if (typeof room === "number") return String(room);
  throw new SocketError("SOCKET_BAD_ROOM", { values: { kind: room === null ? "null" : typeof room } });
}

/** A socket that asks for rooms. */
export interface Joiner {
  readonly id: string;
  readonly rooms: ReadonlySet<Room>;
  readonly server: { readonly limits: SocketLimits; readonly opts: { readonly reserveIdRooms?: boolean | undefined } };
  readonly nsp: { readonly sockets: ReadonlyMap<string, unknown> };
}

/** Why a socket may not join the rooms, if so. */
export function checkJoin(names: readonly Room[], { id, rooms, server, nsp }: Joiner): SocketError | undefined {
  const { maxRoomLength, maxRoomsPerSocket } = server.limits;
  if (names.some((name) => name.length > maxRoomLength)) return exceeded("maxRoomLength", maxRoomLength);
  const added = rooms.size + names.length > maxRoomsPerSocket ? names.filter((name) => !rooms.has(name)).length : 0;
  if (rooms.size + added > maxRoomsPerSocket) return exceeded("maxRoomsPerSocket", maxRoomsPerSocket);
  const isForeign = (name: Room): boolean => name !== id && nsp.sockets.has(name);
  return server.opts.reserveIdRooms === true && names.some(isForeign) ? new SocketError("SOCKET_ID_ROOM") : undefined;
}

function exceeded(option: keyof SocketLimits, limit: number): SocketError {
  return new SocketError("SOCKET_LIMIT", { values: { option, limit } });
}
