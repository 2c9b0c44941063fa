// shop.gateway.ts
import { Ack, Concurrency, type ExecutionContext, Latest, Namespace, OnConnect, OnEvent } from "rookery";
import { RateLimit, Serial, Signal, Timeout } from "rookery";

const accountOf = ({ args: [account] }: ExecutionContext): string => String(account);

@Namespace("/shop")
@RateLimit({ points: 100, per: "10s" }) // all events of a socket together
export class ShopGateway {
  readonly balances = new Map<string, number>();

  @OnConnect()
  @RateLimit({ points: 20, per: "1m" }) // connections of an address
  open(): void {}

  @OnEvent("search")
  @Ack()
  @Latest() // while somebody types, only the newest counts
  @Timeout("2s")
  async search(text: string, @Signal() signal: AbortSignal): Promise<string[]> {
    return find(text, signal);
  }

  @OnEvent("pay")
  @Ack()
  @RateLimit({ points: 3, per: "1m", by: "user" })
  @Serial(accountOf) // one payment of an account at a time, whoever makes it
  async pay(account: string, amount: number): Promise<number> {
    const before = this.balances.get(account) ?? 0;
    await Promise.resolve();
    this.balances.set(account, before - amount);
    return before - amount;
  }

  @OnEvent("thumbnail")
  @Ack()
  @Concurrency(4) // four at a time of each socket, beside its other events
  async thumbnail(name: string): Promise<string> {
    return Promise.resolve(`${name}.webp`);
  }
}

async function find(text: string, signal: AbortSignal): Promise<string[]> {
  await new Promise(setImmediate);
  signal.throwIfAborted();
  return [text];
}
