import { useInMemory } from "../framework/support/in-memory.js";
import { AuditGateway, BankGateway } from "./examples/gateways/audit.gateway.js";
import { OrdersGateway } from "./examples/gateways/orders.gateway.js";

describe("the examples of docs/gateways.md", () => {
  const start = useInMemory();

  it("serve a namespace for each order, and events by name and pattern", async () => {
    const app = await start({ providers: [OrdersGateway] });
    const [ann, bob] = [await app.connect("/orders/7"), await app.connect("/orders/8")];
    expect(await ann.emitWithAck("line:add", { item: "pear", count: 2 })).toBe(1);
    await expect(ann).toReceive("line:added", { item: "pear", count: 2 });
    expect(await ann.emitWithAck("price:EUR")).toBe("price in EUR");
    expect(await ann.emitWithAck("tax:USD")).toBe("tax in USD");
    expect(await ann.emitWithAck("line/pear/remove")).toBe(0);
    expect(await ann.emitWithAck("v2:status")).toBe("open, as version 2 says it");
    await expect(ann.emitWithAck("dance")).rejects.toMatchObject({ code: "NOT_FOUND" });
    ann.emit("announce", "sale");
    await expect(bob).toReceive("announced", "sale");
    expect(bob).not.toHaveReceived("line:added");
    await expect(app.connect("/orders/x")).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("see every event, and share one", async () => {
    const app = await start({ providers: [BankGateway, AuditGateway] });
    const client = await app.connect("/bank");
    expect(await client.emitWithAck("transfer", 20_000)).toBe("20000 on the way");
    await app.settled();
    expect(app.get(AuditGateway).book).toEqual(["/bank transfer [20000]", "look at 20000"]);
  });
});
