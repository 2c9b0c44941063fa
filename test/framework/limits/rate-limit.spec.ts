import {
  Ack,
  type CanActivate,
  ConnectedSocket,
  Namespace,
  OnConnect,
  OnDisconnect,
  OnEvent,
  RateLimit,
  type RateLimitsOptions,
  type Socket,
  UseGuards,
} from "rookery";
import { Test, type TestClient, type TestingApplication } from "rookery/testing";
import { deferred, until } from "../../support/waiting.js";
import { ManualClock } from "../support/manual-clock.js";

const asked: string[] = [];

class CountingGuard implements CanActivate {
  canActivate(): boolean {
    asked.push("guard");
    return true;
  }
}

@Namespace()
@RateLimit({ points: 5, per: "10s" })
class LimitedGateway {
  @OnConnect()
  identify(@ConnectedSocket() socket: Socket): void {
    socket.data.user = socket.handshake.auth.user;
  }

  @OnEvent("one")
  @Ack()
  @RateLimit({ points: 2, per: "1s" })
  @RateLimit({ points: 3, per: 3_000 })
  @UseGuards(CountingGuard)
  one(): string {
    return "one";
  }

  @OnEvent("other")
  @Ack()
  other(): string {
    return "other";
  }
}

@Namespace("/by")
class ByGateway {
  @OnConnect()
  identify(@ConnectedSocket() socket: Socket): void {
    socket.data.user = socket.handshake.auth.user;
  }

  @OnEvent("user")
  @Ack()
  @RateLimit({ points: 1, per: "1m", by: "user" })
  user(): string {
    return "user";
  }

  @OnEvent("ip")
  @Ack()
  @RateLimit({ points: 1, per: "1m", by: "ip" })
  ip(): string {
    return "ip";
  }

  @OnEvent("room")
  @Ack()
  @RateLimit({ points: 1, per: "1m", by: ({ args: [room] }) => (room === "open" ? undefined : String(room)) })
  room(_room: unknown): string {
    return "room";
  }
}

@Namespace("/door")
class DoorGateway {
  @OnConnect()
  @RateLimit({ points: 2, per: "1m" })
  @UseGuards(CountingGuard)
  hello(): void {}
}

let app: TestingApplication;
let clock: ManualClock;

async function start(rateLimits?: RateLimitsOptions, gateways: (new () => object)[] = []): Promise<void> {
  clock = new ManualClock();
  const providers = [LimitedGateway, ByGateway, DoorGateway, ...gateways];
  app = await Test.createTestingModule({ providers }, { clock, rateLimits, trustProxy: true }).compile();
}

beforeEach(() => asked.splice(0));
afterEach(() => app.close({ drainMs: 0 }));

const call = async (client: TestClient, event: string, ...args: unknown[]): Promise<unknown> =>
  client.emitWithAck(event, ...args).catch((error: unknown) => {
    const { code, details } = error as Record<string, unknown>;
    return [code, details];
  });
const limited = (retryAfterMs: number): unknown => ["RATE_LIMITED", { retryAfterMs }];

describe("@RateLimit on an event", () => {
  it("answers RATE_LIMITED beyond the points and says when to come back, before guards run", async () => {
    await start();
    const client = await app.connect();
    expect([await call(client, "one"), await call(client, "one")]).toEqual(["one", "one"]);
    clock.advance(300);

    expect(await call(client, "one")).toEqual(limited(700));
    expect(asked).toHaveLength(2);
    clock.advance(700);
    expect(await call(client, "one")).toBe("one");
  });

  it("adds up: of several each must agree", async () => {
    await start();
    const client = await app.connect();
    for (const event of ["one", "one"]) await call(client, event);
    clock.advance(1_000);
    expect(await call(client, "one")).toBe("one");

    expect(await call(client, "one")).toEqual(limited(2_000));
  });

  it("is counted for each socket by itself", async () => {
    await start();
    const [ann, bob] = [await app.connect(), await app.connect()];
    for (const event of ["one", "one"]) await call(ann, event);

    expect([await call(ann, "one"), await call(bob, "one")]).toEqual([limited(1_000), "one"]);
  });

  it("comes as the event `exception` to who asked for no answer", async () => {
    await start();
    const client = await app.connect("/by");
    client.emit("ip");
    client.emit("ip");

    expect(await client.next("exception")).toEqual([
      {
        event: "ip",
        error: { code: "RATE_LIMITED", message: "Too often: wait a little.", details: { retryAfterMs: 60_000 } },
      },
    ]);
  });
});

describe("@RateLimit on a gateway", () => {
  it("counts all of its events together", async () => {
    await start();
    const client = await app.connect();
    for (let count = 0; count < 4; count++) expect(await call(client, "other")).toBe("other");

    expect(await call(client, "one")).toBe("one");
    expect(await call(client, "other")).toEqual(limited(10_000));
  });
});

describe("@RateLimit counts", () => {
  it("users, whatever sockets they use", async () => {
    await start();
    const [desk, phone, bob] = [
      await app.connect("/by", { auth: { user: { id: 7 } } }),
      await app.connect("/by", { auth: { user: { id: 7 } } }),
      await app.connect("/by", { auth: { user: "7b" } }),
    ];

    expect([await call(desk, "user"), await call(bob, "user")]).toEqual(["user", "user"]);
    expect(await call(phone, "user")).toEqual(limited(60_000));
  });

  it("addresses where nobody is signed in", async () => {
    await start();
    const connect = (address: string): Promise<TestClient> =>
      app.connect("/by", { headers: { "x-forwarded-for": address } });
    const [first, same, other] = [
      await connect("198.51.100.1"),
      await connect("198.51.100.1"),
      await connect("198.51.100.2"),
    ];

    expect([await call(first, "user"), await call(other, "user")]).toEqual(["user", "user"]);
    expect(await call(same, "user")).toEqual(limited(60_000));
  });

  it("addresses, of IPv6 a whole network as one", async () => {
    await start();
    const connect = (address: string): Promise<TestClient> =>
      app.connect("/by", { headers: { "x-forwarded-for": address } });

    expect(await call(await connect("2001:db8::1"), "ip")).toBe("ip");
    expect(await call(await connect("2001:db8:0:0:ffff::2"), "ip")).toEqual(limited(60_000));
    expect(await call(await connect("2001:db8:0:1::1"), "ip")).toBe("ip");
    expect(await call(await connect("::ffff:192.0.2.1"), "ip")).toBe("ip");
    expect(await call(await connect("192.0.2.1"), "ip")).toEqual(limited(60_000));
  });

  it("whatever a function says, and nothing where it says nothing", async () => {
    await start();
    const client = await app.connect("/by");
    const long = "x".repeat(1_000);

    expect([await call(client, "room", "a"), await call(client, "room", long)]).toEqual(["room", "room"]);
    expect([await call(client, "room", "a"), await call(client, "room", long)]).toEqual(Array(2).fill(limited(60_000)));
    expect([await call(client, "room", "open"), await call(client, "room", "open")]).toEqual(["room", "room"]);
  });
});

describe("@RateLimit on @OnConnect", () => {
  it("refuses connections of an address, before guards run", async () => {
    await start();
    await app.connect("/door");
    await app.connect("/door");
    clock.advance(20_000);

    await expect(app.connect("/door")).rejects.toMatchObject({
      code: "RATE_LIMITED",
      data: { code: "RATE_LIMITED", details: { retryAfterMs: 40_000 } },
    });
    expect(asked).toHaveLength(2);
    await app.connect("/door", { headers: { "x-forwarded-for": "198.51.100.9" } });
  });
});

describe('@RateLimit on a gateway, on: "connection"', () => {
  @Namespace("/lobby")
  @RateLimit({ points: 1, per: "1m", on: "connection" })
  @UseGuards(CountingGuard)
  class LobbyGateway {
    @OnEvent("hello")
    @Ack()
    hello(): string {
      return "hello";
    }
  }

  it("refuses connections of an address before guards run, and leaves events alone", async () => {
    await start(undefined, [LobbyGateway]);
    const client = await app.connect("/lobby");
    expect([await call(client, "hello"), await call(client, "hello")]).toEqual(["hello", "hello"]);
    const before = asked.length;

    await expect(app.connect("/lobby")).rejects.toMatchObject({
      code: "RATE_LIMITED",
      data: { code: "RATE_LIMITED", details: { retryAfterMs: 60_000 } },
    });
    expect(asked).toHaveLength(before);
    await app.connect("/lobby", { headers: { "x-forwarded-for": "198.51.100.9" } });
    clock.advance(60_000);
    await app.connect("/lobby");
  });
});

describe("the keys that are remembered", () => {
  it("are bounded: beyond maxKeys the oldest begins anew", async () => {
    await start({ maxKeys: 2 });
    const client = await app.connect("/by");
    for (const room of ["a", "b"]) await call(client, "room", room);
    expect(await call(client, "room", "a")).toEqual(limited(60_000));

    expect(await call(client, "room", "c")).toBe("room");
    expect(await call(client, "room", "a")).toBe("room");
    expect(await call(client, "room", "c")).toEqual(limited(60_000));
  });
});

describe("a store of one's own", () => {
  it("is told where each limit stands, and decides", async () => {
    const specs: unknown[] = [];
    const consumed: string[] = [];
    await start({
      store: {
        limiter: (spec) => {
          specs.push(spec);
          return {
            consume: async (key) => {
              consumed.push(key);
              return consumed.length > 1 ? 1_234.5 : 0;
            },
          };
        },
      },
    });
    const client = await app.connect("/by", { auth: { user: "ann" } });

    expect([await call(client, "user"), await call(client, "user")]).toEqual(["user", limited(1_235)]);
    expect(consumed).toEqual(["user ann", "user ann"]);
    expect(specs).toContainEqual({ name: "/by ByGateway.user 0", points: 1, perMs: 60_000 });
    expect(specs).toContainEqual({ name: "/ LimitedGateway 0", points: 5, perMs: 10_000 });
  });

  const broken = { limiter: () => ({ consume: () => Promise.reject(new Error("no connection")) }) };

  it("that fails leaves the counting to the memory of the server, and is named once", async () => {
    await start({ store: broken });
    const client = await app.connect("/by", { auth: { user: "ann" } });

    expect([await call(client, "user"), await call(client, "user")]).toEqual(["user", limited(60_000)]);
    expect(app.log).toEqual([
      {
        level: "warn",
        message: "the store of the rate limit of /by ByGateway.user 0 fails (said once)",
        fields: { policy: "memory", error: expect.objectContaining({ message: "no connection" }) },
      },
    ]);
  });

  it.each([
    ["allow", ["user", "user"]],
    ["refuse", [limited(60_000), limited(60_000)]],
  ] as const)("that fails may %s all calls", async (onStoreFailure, outcomes) => {
    await start({ store: broken, onStoreFailure });
    const client = await app.connect("/by", { auth: { user: "ann" } });

    expect([await call(client, "user"), await call(client, "user")]).toEqual(outcomes);
  });

  it("that hangs has failed after a while; that it works again is said, too", async () => {
    const answers = [deferred<number>(), deferred<number>()];
    let count = 0;
    await start({ store: { limiter: () => ({ consume: () => answers[count++]?.promise ?? 0 }) }, storeTimeout: "2s" });
    const client = await app.connect("/by", { auth: { user: "ann" } });
    const first = call(client, "user");
    await until(() => count === 1, "the store is asked");
    clock.advance(2_000);
    expect(await first).toBe("user");
    answers[1]?.resolve(0);

    expect(await call(client, "user")).toBe("user");
    expect(app.log.map(({ level }) => level)).toEqual(["warn", "info"]);
  });

  it.each([Number.NaN, undefined, "5"])("that answers %p fails as well", async (answer) => {
    await start({ store: { limiter: () => ({ consume: () => answer as number }) } });

    expect(await call(await app.connect("/by"), "user")).toBe("user");
    expect(app.log[0]?.fields.error).toMatchObject({
      message: expect.stringContaining("option rateLimits.store is a store that answers"),
    });
  });

  it("that throws at once fails as any other", async () => {
    const explode = (): never => JSON.parse("{") as never;
    await start({ store: { limiter: () => ({ consume: explode }) }, onStoreFailure: "allow" });

    expect(await call(await app.connect("/by"), "user")).toBe("user");
  });
});

describe("a rate limit that makes no sense", () => {
  const refusal = async (gateway: new () => object): Promise<string> => {
    const compiled = Test.createTestingModule({ providers: [gateway] }).compile();
    return compiled.then(
      () => "started",
      (error: unknown) => (error as Error).message,
    );
  };

  beforeEach(() => start());

  it("is refused at the start, with the method that it stands on", async () => {
    @Namespace()
    class NoPoints {
      @OnEvent("a")
      @RateLimit({ points: 0, per: "1s" })
      a(): void {}
    }
    @Namespace()
    class NoTime {
      @OnEvent("a")
      @RateLimit({ points: 1, per: 0 })
      a(): void {}
    }
    @Namespace()
    class NoKey {
      @OnEvent("a")
      @RateLimit({ points: 1, per: 1, by: "room" as "ip" })
      a(): void {}
    }
    @Namespace()
    class SocketDoor {
      @OnConnect()
      @RateLimit({ points: 1, per: 1, by: "socket" })
      a(): void {}
    }
    @Namespace()
    class Leaving {
      @OnDisconnect()
      @RateLimit({ points: 1, per: 1 })
      a(): void {}
    }

    expect(await refusal(NoPoints)).toMatch(/points of @RateLimit on .*NoPoints\.a.* is 0, expected a whole number/);
    expect(await refusal(NoTime)).toMatch(/per of @RateLimit on .*NoTime\.a.* is 0, expected a duration/);
    expect(await refusal(NoKey)).toMatch(/by of @RateLimit on .*NoKey\.a.* is room, expected "socket", "user", "ip"/);
    expect(await refusal(SocketDoor)).toMatch(/@RateLimit stands on .*SocketDoor\.a/);
    expect(await refusal(Leaving)).toMatch(/@RateLimit stands on .*Leaving\.a/);
  });

  it("is refused where connections cannot be counted so", async () => {
    @Namespace()
    @RateLimit({ points: 1, per: 1, on: "connection", by: "socket" })
    class SocketLobby {}
    @Namespace()
    @RateLimit({ points: 1, per: 1, on: "entry" as "connection" })
    class Unknown {}
    @Namespace()
    class Misplaced {
      @OnEvent("a")
      @RateLimit({ points: 1, per: 1, on: "connection" })
      a(): void {}
    }

    expect(await refusal(SocketLobby)).toMatch(/@RateLimit stands on SocketLobby/);
    expect(await refusal(Unknown)).toMatch(/on of @RateLimit on Unknown.* is entry, expected "events" or "connection"/);
    expect(await refusal(Misplaced)).toMatch(/@RateLimit stands on .*Misplaced\.a/);
  });

  it("is refused as an option, too", async () => {
    await expect(start({ maxKeys: 0 })).rejects.toThrow("option rateLimits.maxKeys is 0");
    await expect(start({ onStoreFailure: "panic" as "allow" })).rejects.toThrow("rateLimits.onStoreFailure is panic");
  });
});
