import { setImmediate as nextTurn } from "node:timers/promises";
import {
  Ack,
  GatewayException,
  Inject,
  Injectable,
  Namespace,
  OnConnect,
  OnDisconnect,
  OnDispose,
  OnEvent,
  Socket,
  Timeout,
} from "rookery";
import type { TestingApplication } from "rookery/testing";
import { ask, useApplications } from "../support/applications.js";
import { useInMemory } from "../support/in-memory.js";

const diary: string[] = [];
const startModule = useInMemory();

async function start(...providers: unknown[]): Promise<TestingApplication> {
  return startModule({ providers: providers as never[] });
}

beforeEach(() => {
  diary.length = 0;
});

describe("instances of a connection", () => {
  const run = useApplications();

  @Injectable({ scope: "connection" })
  class Subscription {
    @OnDispose()
    async stop(): Promise<void> {
      diary.push("subscription stops");
      await nextTurn();
      diary.push("subscription has stopped");
    }
  }

  @Injectable({ scope: "connection" })
  class Feed {
    constructor(readonly subscription: Subscription) {}

    async [Symbol.asyncDispose](): Promise<void> {
      await nextTurn();
      diary.push("feed ends");
    }

    [Symbol.dispose](): void {
      diary.push("never called");
    }
  }

  @Injectable({ scope: "transient" })
  class Helper {
    constructor(readonly socket: Socket) {}

    [Symbol.dispose](): void {
      diary.push("helper ends");
    }
  }

  @Namespace()
  @Injectable({ scope: "connection" })
  class FeedGateway {
    constructor(
      readonly feed: Feed,
      readonly helper: Helper,
    ) {}

    @OnEvent("slow")
    async slow(): Promise<void> {
      await nextTurn();
      diary.push("handler ends");
    }

    @OnDisconnect()
    async leave(): Promise<void> {
      await nextTurn();
      diary.push("disconnect hook ends");
    }
  }

  const ending = ["disconnect hook ends", "helper ends", "feed ends", "subscription stops", "subscription has stopped"];

  it("are disposed of one after another, the last made first, after its handlers and hooks", async () => {
    const app = await start(FeedGateway, Feed, Subscription, Helper);
    const client = await app.connect();
    client.emit("slow");
    await client.disconnect();
    await app.settled();
    expect(diary).toEqual(["handler ends", ...ending]);
  });

  it("are made and disposed of over a real socket too", async () => {
    const running = await run({ providers: [FeedGateway, Feed, Subscription, Helper] });
    const client = await running.connect();
    await ask(client, "slow");
    client.disconnect();
    await running.close();
    expect(diary).toEqual(["handler ends", ...ending]);
  });

  it("are disposed of before close() ends", async () => {
    const app = await start(FeedGateway, Feed, Subscription, Helper);
    const client = await app.connect();
    await client.emitWithAck("slow");
    await app.close();
    expect(diary).toEqual(["handler ends", ...ending]);
  });

  it("are disposed of when the connection is refused", async () => {
    @Namespace()
    class StrictGateway {
      @OnConnect()
      refuse(): void {
        throw new GatewayException("FORBIDDEN");
      }
    }

    @Namespace()
    @Injectable({ scope: "connection" })
    class GreetingGateway {
      constructor(readonly subscription: Subscription) {}

      @OnConnect()
      greet(): void {
        diary.push("greeted");
      }
    }

    const app = await start(GreetingGateway, StrictGateway, Subscription);
    await expect(app.connect()).rejects.toMatchObject({ code: "FORBIDDEN" });
    await app.settled();
    expect(diary).toEqual(["greeted", "subscription stops", "subscription has stopped"]);
  });

  it("are not made in order to be disposed of", async () => {
    @Namespace()
    class IdleGateway {}

    const app = await start(IdleGateway, Subscription);
    const client = await app.connect();
    await client.disconnect();
    await app.settled();
    expect(diary).toEqual([]);
  });

  it("that fail to be disposed of are logged, and the others have their turn", async () => {
    @Injectable({ scope: "connection" })
    class Stubborn {
      constructor(readonly subscription: Subscription) {}

      @OnDispose()
      async stay(): Promise<void> {
        await nextTurn();
        throw new Error("I stay");
      }

      @OnDispose()
      goOn(): void {
        diary.push("second method");
      }
    }

    @Namespace()
    @Injectable({ scope: "connection" })
    class StubbornGateway {
      constructor(readonly stubborn: Stubborn) {}

      @OnEvent("ask")
      @Ack()
      ask(): string {
        return "here";
      }
    }

    const app = await start(StubbornGateway, Stubborn, Subscription);
    const [first, second] = [await app.connect(), await app.connect()];
    await first.emitWithAck("ask");
    await first.disconnect();
    await app.settled();
    expect(diary).toEqual(["second method", "subscription stops", "subscription has stopped"]);
    expect(app.log.filter(({ level }) => level === "error")).toMatchObject([
      { message: "Stubborn.stay failed to dispose: I stay", fields: { error: new Error("I stay") } },
    ]);
    expect(await second.emitWithAck("ask")).toBe("here");
  });

  it("that are still being made when their client leaves are disposed of then", async () => {
    let open: (value?: undefined) => void = () => undefined;
    const gate = new Promise<undefined>((resolve) => {
      open = resolve;
    });

    @Namespace()
    @Injectable({ scope: "connection" })
    class WaitingGateway {
      constructor(@Inject("slow") readonly slow: object) {}

      @OnEvent("ask")
      @Timeout(5)
      ask(): void {
        diary.push("never runs");
      }
    }

    const slow = {
      provide: "slow",
      scope: "connection",
      useFactory: async () => {
        await gate;
        return { [Symbol.dispose]: () => diary.push("slow one ends") };
      },
    };
    const app = await start(WaitingGateway, slow);
    const client = await app.connect();
    await expect(client.emitWithAck("ask")).rejects.toMatchObject({ code: "TIMEOUT" });
    await client.disconnect();
    await app.settled();
    expect(diary).toEqual([]);
    open();
    await nextTurn();
    expect(diary).toEqual(["slow one ends"]);
  });

  it("do not outlive a thousand connections", async () => {
    const alive = new Set<object>();

    @Injectable({ scope: "connection" })
    class Counted {
      constructor() {
        alive.add(this);
      }

      @OnDispose()
      end(): void {
        alive.delete(this);
      }
    }

    const references: WeakRef<object>[] = [];

    @Namespace()
    @Injectable({ scope: "connection" })
    class CountingGateway {
      constructor(readonly counted: Counted) {
        references.push(new WeakRef(this));
      }

      @OnConnect()
      hello(): void {
        diary.push("hello");
      }
    }

    const app = await start(CountingGateway, Counted);
    for (let index = 0; index < 1_000; index++) {
      const client = await app.connect();
      await client.disconnect();
    }
    await app.settled();
    expect([diary.length, alive.size, references.length]).toEqual([1_000, 0, 1_000]);
    await collectGarbage();
    // The last few may still be held by what the engine remembers of its last calls.
    expect(references.filter((reference) => reference.deref() !== undefined).length).toBeLessThan(20);
  });
});

describe("instances of a message", () => {
  @Injectable({ scope: "message" })
  class Transaction {
    async [Symbol.asyncDispose](): Promise<void> {
      await nextTurn();
      diary.push("transaction ends");
    }
  }

  @Namespace()
  @Injectable({ scope: "message" })
  class TransactionGateway {
    constructor(readonly transaction: Transaction) {}

    @OnEvent("good")
    @Ack()
    good(): string {
      diary.push("handler ends");
      return "done";
    }

    @OnEvent("late")
    async late(): Promise<void> {
      await nextTurn();
      diary.push("handler ends");
    }

    @OnEvent("bad")
    bad(): void {
      throw new GatewayException("CONFLICT");
    }
  }

  it.each(["good", "late"])("are disposed of when the handler has settled, before its answer: %s", async (event) => {
    const app = await start(TransactionGateway, Transaction);
    const client = await app.connect();
    await client.emitWithAck(event);
    expect(diary).toEqual(["handler ends", "transaction ends"]);
  });

  it("are disposed of when the handler throws", async () => {
    const app = await start(TransactionGateway, Transaction);
    const client = await app.connect();
    await expect(client.emitWithAck("bad")).rejects.toMatchObject({ code: "CONFLICT" });
    expect(diary).toEqual(["transaction ends"]);
  });
});

describe("what lives as long as the application", () => {
  it("is disposed of after the closing hooks when the container has made it, the last made first", async () => {
    class Pool {
      onApplicationShutdown(): void {
        diary.push("shutdown hook");
      }

      @OnDispose()
      end(): void {
        diary.push("pool ends");
      }
    }

    @Injectable({ scope: "transient" })
    class Part {
      [Symbol.dispose](): void {
        diary.push("part ends");
      }
    }

    @Injectable()
    class Service {
      constructor(
        readonly pool: Pool,
        readonly part: Part,
      ) {}
    }

    const given = { [Symbol.dispose]: () => diary.push("never called") };
    const hostile = new Proxy(
      {},
      {
        get: (_target, key) => {
          if (key === "constructor") throw new Error("nobody may read this");
          return undefined;
        },
      },
    );
    const app = await start(
      Service,
      Part,
      { provide: Pool, useFactory: () => new Pool() },
      { provide: "given", useValue: given },
      { provide: "hostile", useFactory: () => hostile },
      { provide: "alias", useExisting: Pool },
    );
    await app.close();
    expect(diary).toEqual(["shutdown hook", "part ends", "pool ends"]);
  });

  it("may have @OnDispose on methods of instances alone", () => {
    expect(() => {
      class Misplaced {
        @OnDispose()
        static stop(): void {
          // It is never reached.
        }
      }
      return Misplaced;
    }).toThrow("@OnDispose stands on the static method stop of Misplaced, where it cannot work");
  });
});

/** As long as something of it goes away; `node:v8` hands out the collector that `--expose-gc` would. */
async function collectGarbage(): Promise<void> {
  const { setFlagsFromString } = await import("node:v8");
  const { runInNewContext } = await import("node:vm");
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  for (let round = 0; round < 3; round++) {
    await nextTurn();
    collect();
  }
}
