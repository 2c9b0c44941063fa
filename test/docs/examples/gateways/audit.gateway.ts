// audit.gateway.ts
import { Ack, EventName, Namespace, OnAny, OnEvent, Socket } from "rookery";

@Namespace("/bank")
export class BankGateway {
  @OnEvent("transfer", { shared: true })
  @Ack()
  transfer(amount: number): string {
    return `${amount} on the way`;
  }
}

@Namespace("/bank")
export class AuditGateway {
  readonly book: string[] = [];

  @OnAny()
  note(@EventName() event: string, socket: Socket, ...args: unknown[]): void {
    this.book.push(`${socket.nsp.name} ${event} ${JSON.stringify(args)}`);
  }

  @OnEvent("transfer", { shared: true })
  flag(amount: number): void {
    if (amount > 10_000) this.book.push(`look at ${amount}`);
  }
}
