// shop.gateway.ts
import { Ack, Namespace, OnConnect, OnEvent, Socket, UseFilters, UseGuards, UseInterceptors, UsePipes } from "rookery";
import { MemberGuard } from "./member.guard.js";
import { SoldOut, SoldOutFilter } from "./sold-out.filter.js";
import { TimingInterceptor } from "./timing.interceptor.js";
import { TrimPipe } from "./trim.pipe.js";

@Namespace("/shop")
@UseGuards(MemberGuard)
@UseInterceptors(TimingInterceptor)
@UseFilters(SoldOutFilter)
export class ShopGateway {
  readonly #stock = new Map([["pen", 1]]);

  @OnConnect()
  greet(socket: Socket): void {
    socket.emit("welcome", [...this.#stock.keys()]);
  }

  @OnEvent("buy")
  @Ack()
  @UsePipes(new TrimPipe())
  buy(item: string): { readonly bought: string } {
    const left = this.#stock.get(item) ?? 0;
    if (left === 0) throw new SoldOut(item);
    this.#stock.set(item, left - 1);
    return { bought: item };
  }
}
