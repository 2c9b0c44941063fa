// member.guard.ts
import { type CanActivate, type ExecutionContext, GatewayException, Injectable } from "rookery";

@Injectable()
export class Members {
  readonly #tokens = new Map([["t-ann", { name: "ann" }]]);

  async byToken(token: unknown): Promise<{ readonly name: string } | undefined> {
    return this.#tokens.get(String(token));
  }
}

@Injectable()
export class MemberGuard implements CanActivate {
  constructor(private readonly members: Members) {}

  async canActivate({ kind, socket, auth }: ExecutionContext): Promise<boolean> {
    // Who is let in stays who it is: events need no second look.
    if (kind === "message") return true;
    const user = await this.members.byToken(auth.token);
    if (user === undefined) throw new GatewayException("UNAUTHENTICATED");
    socket.data = { user };
    return true;
  }
}
