// cart.gateway.ts
import { Ack, Injectable, Namespace, OnDispose, OnEvent, Socket } from "rookery";

@Injectable()
export class Warehouse {
  readonly reserved = new Map<string, string>();
}

@Injectable({ scope: "connection" })
class Cart {
  readonly #items: string[] = [];

  constructor(
    private readonly warehouse: Warehouse,
    private readonly socket: Socket,
  ) {}

  add(item: string): number {
    this.warehouse.reserved.set(item, this.socket.id);
    return this.#items.push(item);
  }

  @OnDispose()
  async release(): Promise<void> {
    for (const item of this.#items) this.warehouse.reserved.delete(item);
    await Promise.resolve();
  }
}

@Namespace("/cart")
@Injectable({ scope: "connection" })
class CartGateway {
  constructor(private readonly cart: Cart) {}

  @OnEvent("add")
  @Ack()
  add(item: string): number {
    return this.cart.add(item);
  }
}

export const cartProviders = [CartGateway, Cart, Warehouse];
