import { ValidationPipe } from "@nestjs/common";
import { MessageBody, SubscribeMessage, WebSocketGateway } from "@nestjs/websockets";
import { OrderDto } from "./order-dto.js";

/** The event `order` of the peer `nest`. */
@WebSocketGateway()
export class OrderGateway {
  @SubscribeMessage("order")
  order(@MessageBody(new ValidationPipe({ whitelist: true, transform: true })) order: OrderDto): { accepted: number } {
    return { accepted: order.items.length };
  }
}
