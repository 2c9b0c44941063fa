import { Injectable, Namespace, OnEvent, RateLimit, UseGuards } from "rookery";
import { Typing } from "./dto/typing.dto.js";
import { MemberGuard } from "./member.guard.js";
import { TypingIndicator } from "./typing-indicator.js";

/** One for each connection, beside the chat's own gateway in the same namespace. */
@Namespace("/chat")
@Injectable({ scope: "connection" })
export class TypingGateway {
  constructor(private readonly indicator: TypingIndicator) {}

  @OnEvent("typing")
  @UseGuards(MemberGuard)
  @RateLimit({ points: 30, per: "10s" })
  typing({ room, active }: Typing): void {
    this.indicator.show(room, active);
  }
}
