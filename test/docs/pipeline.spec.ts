import { useInMemory } from "../framework/support/in-memory.js";
import { Members } from "./examples/pipeline/member.guard.js";
import { ShopGateway } from "./examples/pipeline/shop.gateway.js";
import { StockGateway } from "./examples/pipeline/stock.gateway.js";
import { TimingInterceptor } from "./examples/pipeline/timing.interceptor.js";

describe("the example of docs/pipeline.md", () => {
  const start = useInMemory();
  const run = () => start({ providers: [ShopGateway, Members] });

  it("lets members in, greets them, and nobody else", async () => {
    const app = await run();
    const ann = await app.connect("/shop", { auth: { token: "t-ann" } });
    expect(await ann.next("welcome")).toEqual([["pen"]]);
    await expect(app.connect("/shop")).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  });

  it("sells what there is, trimmed, and says what there is not in words for clients", async () => {
    const app = await run();
    const ann = await app.connect("/shop", { auth: { token: "t-ann" } });
    expect(await ann.emitWithAck("buy", " pen ")).toEqual({ bought: "pen" });
    await expect(ann.emitWithAck("buy", "pen")).rejects.toMatchObject({
      code: "SOLD_OUT",
      message: expect.stringContaining("There is no pen left.") as string,
      details: { event: "buy" },
    });
    expect([...app.get(TimingInterceptor).slowest.keys()]).toEqual(["connect", "buy"]);
  });

  it("lets those call a handler whom it names", async () => {
    const app = await start({ providers: [StockGateway] });
    const clerk = await app.connect("/stock", { auth: { role: "clerk" } });
    const visitor = await app.connect("/stock");
    expect(await clerk.emitWithAck("add", 2)).toBe(3);
    expect(await visitor.emitWithAck("count")).toBe(3);
    await expect(visitor.emitWithAck("add", 2)).rejects.toMatchObject({ code: "FORBIDDEN" });
  });
});
