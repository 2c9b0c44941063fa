import { Test, type TestClient, type TestingApplication } from "rookery/testing";
import { ShopGateway } from "./examples/order-and-limits/shop.gateway.js";

describe("the example of docs/order-and-limits.md", () => {
  let app: TestingApplication;
  let ann: TestClient;

  beforeEach(async () => {
    app = await Test.createTestingModule({ providers: [ShopGateway] }).compile();
    ann = await app.connect("/shop");
  });
  afterEach(() => app.close());

  it("answers the newest search only", async () => {
    const older = ann.emitWithAck("search", "pe");
    const newer = ann.emitWithAck("search", "pen");

    await expect(older).rejects.toMatchObject({ code: "SUPERSEDED" });
    expect(await newer).toEqual(["pen"]);
  });

  it("loses no payment of an account, and takes three a minute", async () => {
    const bob = await app.connect("/shop", { headers: { "x-forwarded-for": "198.51.100.1" } });
    const paid = await Promise.all([
      ann.emitWithAck("pay", "a", 1),
      bob.emitWithAck("pay", "a", 2),
      ann.emitWithAck("pay", "a", 3),
    ]);
    expect(paid.toSorted()).toEqual([-1, -3, -6].toSorted());

    await expect(ann.emitWithAck("pay", "a", 1)).rejects.toMatchObject({
      code: "RATE_LIMITED",
      details: { retryAfterMs: expect.any(Number) as number },
    });
  });

  it("makes thumbnails beside everything else", async () => {
    expect(await ann.emitWithAck("thumbnail", "pen")).toBe("pen.webp");
  });
});
