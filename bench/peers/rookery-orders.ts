import type * as Rookery from "rookery";
import { importBuilt } from "./built-package.js";
import { OrderDto } from "./order-dto.js";

const { Ack, Namespace, OnEvent } = await importBuilt<typeof Rookery>("index.js");

/** The event `order` of the peer `rookery`. */
@Namespace("/")
export class OrderGateway {
  @OnEvent("order")
  @Ack()
  order(order: OrderDto): { accepted: number } {
    return { accepted: order.items.length };
  }
}
