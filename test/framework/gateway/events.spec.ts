import { setImmediate as nextTurn } from "node:timers/promises";
import { IsString } from "class-validator";
import {
  Ack,
  type AckCallback,
  type CanActivate,
  type Class,
  EventName,
  EventParam,
  type ExecutionContext,
  GatewayException,
  Namespace,
  OnAny,
  OnEvent,
  OnUnhandled,
  Socket,
  UseGuards,
} from "rookery";
import { Test, type TestingApplication } from "rookery/testing";

let app: TestingApplication;

async function start(...providers: Class[]): Promise<TestingApplication> {
  app = await Test.createTestingModule({ providers }).compile();
  return app;
}

afterEach(async () => app.close());

class Order {
  @IsString() id!: string;
}

class Nobody implements CanActivate {
  canActivate({ kind }: ExecutionContext): boolean {
    return kind === "connect";
  }
}

describe("an event pattern", () => {
  @Namespace()
  class OrderGateway {
    @OnEvent("order:*", "*:archive")
    @Ack()
    changed(@EventName() event: string, @EventParam() part: string, order: Order): unknown {
      return { event, part, order: order.id };
    }

    @OnEvent("order/:id/items/:item")
    @Ack()
    item(@EventParam("id") id: string, @EventParam("item") item: string): unknown {
      return { id, item };
    }

    @OnEvent("order:create")
    @Ack()
    create(): string {
      return "by its name";
    }

    @OnEvent("order:item:*", "order:**")
    @Ack()
    deep(@EventParam() part: string): string {
      return `deep ${part}`;
    }

    @OnEvent(/^(?<verb>get|put) (\w+)$/)
    @Ack()
    legacy(@EventParam("verb") verb: string, @EventParam(0) what: string): unknown {
      return { verb, what };
    }
  }

  it("serves every event that it matches, with its parts and the whole pipeline", async () => {
    const client = await (await start(OrderGateway)).connect();
    expect(await client.emitWithAck("order:paid", { id: "7" })).toEqual({
      event: "order:paid",
      part: "paid",
      order: "7",
    });
    expect(await client.emitWithAck("cart:archive", { id: "7" })).toMatchObject({
      event: "cart:archive",
      part: "cart",
    });
    expect(await client.emitWithAck("order/42/items/a:b", 1)).toEqual({ id: "42", item: "a:b" });
    await expect(client.emitWithAck("order:paid", { id: 7 })).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
    client.emit("order:paid", {});
    await expect(client).toReceive("exception", expect.objectContaining({ event: "order:paid" }));
  });

  it("loses to a name and to a more specific pattern, and wins over a RegExp", async () => {
    const client = await (await start(OrderGateway)).connect();
    expect(await client.emitWithAck("order:create")).toBe("by its name");
    expect(await client.emitWithAck("order:item:added")).toBe("deep added");
    expect(await client.emitWithAck("order:a:b:c")).toBe("deep a:b:c");
    expect(await client.emitWithAck("get all")).toEqual({ verb: "get", what: "all" });
    await expect(client.emitWithAck("get all of it")).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(client.emitWithAck("ORDER:create")).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("runs in the order of arrival with everything else of its socket", async () => {
    const order: string[] = [];

    @Namespace()
    class SlowGateway {
      @OnEvent("slow:*")
      async slow(@EventName() event: string): Promise<void> {
        await nextTurn();
        order.push(event);
      }

      @OnEvent("quick")
      quick(): void {
        order.push("quick");
      }
    }

    const client = await (await start(SlowGateway)).connect();
    client.emit("slow:1").emit("quick").emit("slow:2");
    await app.settled();
    expect(order).toEqual(["slow:1", "quick", "slow:2"]);
  });
});

describe("@OnAny()", () => {
  const seen: unknown[] = [];

  @Namespace()
  class WatchedGateway {
    @OnAny()
    async watch(@EventName() event: string, socket: Socket, ...args: unknown[]): Promise<void> {
      await nextTurn();
      seen.push([event, socket.id !== "", args]);
      if (event === "harmless") throw new Error("the log is full");
    }

    @OnEvent("harmless")
    @Ack()
    harmless(): number {
      return seen.length;
    }

    @OnEvent("guarded")
    @UseGuards(Nobody)
    guarded(): void {
      seen.push("never");
    }
  }

  beforeEach(() => {
    seen.length = 0;
  });

  it("sees every event before its handler, and what it throws stops nothing", async () => {
    const client = await (await start(WatchedGateway)).connect();
    expect(await client.emitWithAck("harmless", { a: 1 }, "b")).toBe(1);
    expect(seen).toEqual([["harmless", true, [{ a: 1 }, "b"]]]);
    expect(app.log).toContainEqual(expect.objectContaining({ level: "error", message: "WatchedGateway.watch failed" }));
  });

  it("sees what guards refuse, what nobody handles, and what plain listeners take; it answers none of it", async () => {
    const client = await (await start(WatchedGateway)).connect();
    for (const socket of app.server.of("/").sockets.values()) {
      socket.on("plain", (reply: (answer: string) => void) => reply("plain"));
    }
    await expect(client.emitWithAck("guarded")).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(client.emitWithAck("nothing")).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await client.emitWithAck("plain")).toBe("plain");
    await app.settled();
    expect(seen).toEqual([
      ["guarded", true, []],
      ["nothing", true, []],
      ["plain", true, []],
    ]);
  });
});

describe("@OnUnhandled()", () => {
  it("takes what no handler and no listener takes, with the whole pipeline", async () => {
    @Namespace()
    class RestGateway {
      @OnEvent("known")
      @Ack()
      known(): string {
        return "known";
      }

      @OnUnhandled()
      @Ack()
      rest(@EventName() event: string, ...args: unknown[]): unknown {
        if (event === "bad") throw new GatewayException("CONFLICT");
        return { event, args };
      }
    }

    const client = await (await start(RestGateway)).connect();
    expect(await client.emitWithAck("known")).toBe("known");
    expect(await client.emitWithAck("unknown", 1, 2)).toEqual({ event: "unknown", args: [1, 2] });
    await expect(client.emitWithAck("bad")).rejects.toMatchObject({ code: "CONFLICT" });
  });
});

describe("an event that handlers share", () => {
  const ran: string[] = [];

  @Namespace()
  class AuditGateway {
    @OnEvent("order", { shared: true })
    async audit(): Promise<void> {
      await nextTurn();
      ran.push("audit");
    }

    @OnEvent("fail", { shared: true })
    audited(): void {
      throw new GatewayException("CONFLICT");
    }

    @OnEvent("plain", { shared: true })
    plain(): void {
      ran.push("plain");
    }
  }

  @Namespace("/")
  class OrderGateway {
    @OnEvent("order", "plain", { shared: true })
    @Ack()
    order(): string {
      ran.push("order");
      return "ordered";
    }

    @OnEvent("order", { shared: true })
    late(@Ack() reply: AckCallback): void {
      ran.push("late");
      reply("too late");
    }

    @OnEvent("fail", { shared: true })
    @Ack()
    fail(): string {
      ran.push("after the failure");
      return "ordered";
    }
  }

  beforeEach(() => {
    ran.length = 0;
  });

  it("comes to all of them in order; the first answer counts, those without @Ack() give none", async () => {
    const client = await (await start(AuditGateway, OrderGateway)).connect();
    expect(await client.emitWithAck("order")).toBe("ordered");
    await app.settled();
    expect(ran).toEqual(["audit", "order", "late"]);
    expect(await client.emitWithAck("plain")).toBe("ordered");
    expect(app.log).toEqual([]);
  });

  it("has the first error as its answer when that comes first, and goes on all the same", async () => {
    const client = await (await start(AuditGateway, OrderGateway)).connect();
    await expect(client.emitWithAck("fail")).rejects.toMatchObject({ code: "CONFLICT" });
    await app.settled();
    expect(ran).toEqual(["after the failure"]);
    client.emit("fail");
    await expect(client).toReceive("exception", {
      event: "fail",
      error: expect.objectContaining({ code: "CONFLICT" }),
    });
  });

  it("is answered without a value when none of them has @Ack()", async () => {
    @Namespace()
    class QuietGateway {
      @OnEvent("tick:*", { shared: true })
      first(@EventParam() part: string): void {
        ran.push(`first ${part}`);
      }

      @OnEvent("tick:*", { shared: true })
      second(@EventParam() part: string): void {
        ran.push(`second ${part}`);
      }
    }

    const client = await (await start(QuietGateway)).connect();
    expect(await client.emitWithAck("tick:1")).toBeUndefined();
    expect(ran).toEqual(["first 1", "second 1"]);
  });
});
