import { Injectable } from "rookery";
import type { CanActivate, ExecutionContext } from "rookery";

/** Only who has joined a room may write to it. Guards run before validation: the payload is what the client sent. */
@Injectable()
export class RoomGuard implements CanActivate {
  canActivate({ socket, args }: ExecutionContext): boolean {
    const [payload] = args;
    if (typeof payload !== "object" || payload === null || !("room" in payload)) return false;
    return typeof payload.room === "string" && socket.rooms.has(channelOf(payload.room));
  }
}

/** The Socket.IO room of a chat room: prefixed, because every socket id is a Socket.IO room too. */
export function channelOf(room: string): string {
  return `room:${room}`;
}
