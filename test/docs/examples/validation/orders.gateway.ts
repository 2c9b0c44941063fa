// orders.gateway.ts
import { Ack, Namespace, OnEvent, Payload } from "rookery";
import { z } from "zod";

const Order = z.object({ id: z.string(), items: z.array(z.object({ qty: z.number().min(1) })) });
const Receipt = z.object({ pieces: z.number() });

@Namespace("/orders")
export class OrdersGateway {
  @OnEvent("order")
  @Ack(Receipt)
  order(@Payload(Order) order: z.infer<typeof Order>): z.infer<typeof Receipt> {
    return { pieces: order.items.reduce((sum, { qty }) => sum + qty, 0) };
  }
}
