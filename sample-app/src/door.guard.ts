import { GatewayException, Injectable } from "rookery";
import type { CanActivate } from "rookery";
import { UserService } from "./user.service.js";

/** Lets people in as long as there is room. */
@Injectable()
export class DoorGuard implements CanActivate {
  constructor(private readonly users: UserService) {}

  canActivate(): boolean {
    if (this.users.isFull) throw new GatewayException("CHAT_FULL", "The chat is full. Come back later.");
    return true;
  }
}
