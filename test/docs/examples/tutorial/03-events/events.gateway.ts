// events.gateway.ts
import { IsInt, IsString, Length, Min } from "class-validator";
import { Namespace, OnEvent, Socket } from "rookery";

const BAKING_TIME_MS = 300;

class Order {
  @IsString() @Length(1, 50) item!: string;
  @IsInt() @Min(1) count!: number;
}

@Namespace("/")
export class EventsGateway {
  @OnEvent("message")
  message(text: string, socket: Socket): void {
    socket.send(`You said "${text}".`);
  }

  @OnEvent("move")
  move(x: number, y: number, socket: Socket): void {
    socket.emit("moved", { x, y });
  }

  @OnEvent("order")
  order(order: Order, socket: Socket): void {
    socket.emit("order:taken", order);
    // The handler has ended long before.
    setTimeout(() => socket.emit("order:ready", order.item), BAKING_TIME_MS);
  }
}
