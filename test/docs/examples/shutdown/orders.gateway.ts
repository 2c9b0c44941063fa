// orders.gateway.ts
import { Ack, Injectable, Namespace, OnDisconnect, OnEvent, type BeforeApplicationShutdown } from "rookery";

@Injectable()
export class Orders implements BeforeApplicationShutdown {
  readonly saved: string[] = [];
  isOpen = true;

  async save(order: string): Promise<number> {
    await new Promise(setImmediate);
    return this.saved.push(order);
  }

  beforeApplicationShutdown(_signal?: string): void {
    this.isOpen = false; // nobody is connected any more
  }
}

@Namespace("/orders")
export class OrdersGateway {
  constructor(private readonly orders: Orders) {}

  @OnEvent("order")
  @Ack()
  async order(text: string): Promise<number> {
    return this.orders.save(text); // ends, and its answer leaves, before anyone is disconnected
  }

  @OnDisconnect()
  async left(): Promise<void> {
    await this.orders.save("left"); // is waited for, and comes before the hooks of providers
  }
}
