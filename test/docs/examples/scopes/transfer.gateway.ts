// transfer.gateway.ts
import { Ack, ExecutionContext, GatewayException, Injectable, Namespace, OnEvent } from "rookery";

@Injectable()
export class Ledger {
  readonly lines: string[] = [];
}

@Injectable({ scope: "message" })
class Transaction {
  readonly #lines: string[] = [];
  #isCommitted = false;

  constructor(
    private readonly ledger: Ledger,
    private readonly context: ExecutionContext,
  ) {}

  write(line: string): void {
    this.#lines.push(line);
  }

  commit(): void {
    this.#isCommitted = true;
    this.ledger.lines.push(...this.#lines);
  }

  // When the handler has settled, and before the client has the answer.
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isCommitted) this.ledger.lines.push(`${this.context.event ?? ""} rolled back`);
    await Promise.resolve();
  }
}

@Namespace("/bank")
@Injectable({ scope: "message" })
class TransferGateway {
  constructor(private readonly transaction: Transaction) {}

  @OnEvent("transfer")
  @Ack()
  transfer(amount: number): string {
    this.transaction.write(`transfer ${amount}`);
    if (amount > 100) throw new GatewayException("TOO_MUCH", "That is too much.");
    this.transaction.commit();
    return "done";
  }
}

export const transferProviders = [TransferGateway, Transaction, Ledger];
