import { Injectable } from "rookery";
import type { CanActivate, ExecutionContext } from "rookery";
import { userOf } from "./chat-socket.js";
import { tidyName } from "./display-name.js";
import { RoomService } from "./room.service.js";

/** Only members of a room may write to it. Guards run before validation: the payload is what the client sent. */
@Injectable()
export class MemberGuard implements CanActivate {
  constructor(private readonly rooms: RoomService) {}

  canActivate({ socket, args }: ExecutionContext): boolean {
    const room = roomIn(args[0]);
    return room !== undefined && this.rooms.isMember(room, userOf(socket));
  }
}

function roomIn(payload: unknown): string | undefined {
  if (typeof payload !== "object" || payload === null || !("room" in payload)) return undefined;
  return typeof payload.room === "string" ? tidyName(payload.room) : undefined;
}
