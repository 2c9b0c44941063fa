import { withOwnLogger, withPino } from "./examples/logging/main.js";
import { OrdersService } from "./examples/logging/orders.service.js";

describe("the examples of docs/logging.md", () => {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string): void => void lines.push(JSON.parse(line) as Record<string, unknown>);

  beforeEach(() => lines.splice(0));

  it("write JSON by the application's own logger", async () => {
    const app = await withOwnLogger(write);
    app.get(OrdersService).cancel(7, "secret");
    await app.close();

    expect(lines).toEqual([
      {
        level: "info",
        time: expect.any(String) as string,
        message: "cancelled",
        context: "OrdersService",
        order: 7,
        token: "[redacted]",
      },
    ]);
  });

  it("write by pino", async () => {
    const app = await withPino({ write });
    app.get(OrdersService).cancel(7, "secret");
    await app.close();

    expect(lines).toEqual([
      expect.objectContaining({ level: 30, msg: "cancelled", context: "OrdersService", order: 7, token: "[redacted]" }),
    ]);
  });
});
