// stock.gateway.ts
import { Ack, Namespace, OnEvent, UseGuards } from "rookery";
import { Roles, RolesGuard } from "./roles.guard.js";

@Namespace("/stock")
@UseGuards(RolesGuard)
export class StockGateway {
  #pens = 1;

  @OnEvent("count")
  @Ack()
  count(): number {
    return this.#pens;
  }

  @OnEvent("add")
  @Ack()
  @Roles(["clerk"])
  add(pens: number): number {
    return (this.#pens += pens);
  }
}
