// orders.gateway.ts
import { IsInt, IsString } from "class-validator";
import {
  Ack,
  EventName,
  EventParam,
  GatewayException,
  Namespace,
  OnConnect,
  OnEvent,
  OnUnhandled,
  Param,
  Socket,
  SocketNamespace,
} from "rookery";

class Line {
  @IsString() item!: string;
  @IsInt() count!: number;
}

@Namespace("/orders/:id")
export class OrdersGateway {
  readonly #lines = new Map<string, Line[]>();

  // In a namespace with parameters this is all of them together.
  constructor(private readonly everyOrder: SocketNamespace) {}

  @OnConnect()
  open(@Param<"/orders/:id">("id") id: string): void {
    if (!/^\d+$/.test(id)) throw new GatewayException("NOT_FOUND", "No such order.");
    this.#lines.set(id, this.#lines.get(id) ?? []);
  }

  @OnEvent("line:add")
  @Ack()
  add(line: Line, @Param("id") id: string, socket: Socket): number {
    socket.nsp.emit("line:added", line);
    return this.#lines.get(id)?.push(line) ?? 0;
  }

  @OnEvent("price:*", "tax:*")
  @Ack()
  quote(@EventName() event: string, @EventParam() currency: string): string {
    return `${event.split(":")[0] ?? ""} in ${currency}`;
  }

  @OnEvent("line/:item/remove")
  @Ack()
  remove(@EventParam("item") item: string, @Param("id") id: string): number {
    const left = (this.#lines.get(id) ?? []).filter((line) => line.item !== item);
    this.#lines.set(id, left);
    return left.length;
  }

  @OnEvent(/^v(\d+):status$/)
  @Ack()
  status(@EventParam(0) version: string): string {
    return `open, as version ${version} says it`;
  }

  @OnEvent("announce")
  announce(text: string): void {
    this.everyOrder.emit("announced", text);
  }

  @OnUnhandled()
  rest(@EventName() event: string): never {
    throw new GatewayException("NOT_FOUND", `"${event}" is not what orders do.`);
  }
}
