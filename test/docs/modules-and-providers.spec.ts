import { useInMemory } from "../framework/support/in-memory.js";
import { MailService } from "./examples/modules-and-providers/mail.module.js";
import { OrdersModule, OrderStore } from "./examples/modules-and-providers/orders.module.js";

describe("the examples of docs/modules-and-providers.md", () => {
  const start = useInMemory();

  it("are one application of three modules", async () => {
    const app = await start({ imports: [OrdersModule] });
    const client = await app.connect("/orders");
    expect(await client.emitWithAck("order", "pear")).toBe("order 2, discount 0");
    expect(await client.emitWithAck("reorder")).toBe("order 3, discount 0");
    expect(await client.emitWithAck("order", "fig")).toBe("sold out");
    expect(app.get(MailService).sent).toEqual(["shop to customer: order 2", "shop to customer: order 3"]);
    expect(app.get("store")).toBe(app.get(OrderStore));
  });
});
