import type { Socket } from "rookery";
import type { User } from "./user.service.js";

/** Who is behind a connection; set when it was accepted. */
export function userOf(socket: Socket): User {
  return (socket.data as { user: User }).user;
}

/** The Socket.IO room of a chat room: prefixed, because every socket id is a Socket.IO room too. */
export function channelOf(room: string): string {
  return `room:${room}`;
}
