import { Redis as IoRedis } from "ioredis";
import { createClient } from "redis";
import { Ack, Namespace, OnEvent, RateLimit, redisRateLimits } from "rookery";
import { Test, type TestClient, type TestingApplication } from "rookery/testing";
import { describeWith } from "../../support/programs.js";
import { Redis } from "../../support/services.js";

@Namespace()
class LimitedGateway {
  @OnEvent("vote")
  @Ack()
  @RateLimit({ points: 3, per: "1m", by: () => "everyone" })
  vote(): string {
    return "counted";
  }
}

interface Connection {
  readonly client: object;
  close(): Promise<unknown>;
}

const packages: Record<string, (path: string) => Promise<Connection>> = {
  redis: async (path) => {
    const client = createClient({ socket: { path, tls: false }, disableOfflineQueue: true });
    client.on("error", () => undefined);
    await client.connect();
    return { client, close: async () => client.destroy() };
  },
  ioredis: async (path) => {
    const client = new IoRedis(path, { maxRetriesPerRequest: 0, enableOfflineQueue: false, lazyConnect: true });
    client.on("error", () => undefined);
    await client.connect();
    return { client, close: async () => client.disconnect() };
  },
};

describeWith("redis-server", "rate limits in Redis", (path) => {
  const redis = new Redis(path);
  const applications: TestingApplication[] = [];
  const connections: Connection[] = [];

  beforeEach(() => redis.start());
  afterEach(async () => {
    await Promise.all(applications.splice(0).map((app) => app.close()));
    await Promise.all(connections.splice(0).map((connection) => connection.close()));
    await redis.remove();
  });

  const start = async (client: object, prefix?: string): Promise<TestClient> => {
    const rateLimits = { store: redisRateLimits(client, { prefix }) };
    const app = await Test.createTestingModule({ providers: [LimitedGateway] }, { rateLimits }).compile();
    applications.push(app);
    return app.connect();
  };
  const vote = (client: TestClient): Promise<unknown> => client.emitWithAck("vote").catch((error: unknown) => error);

  describe.each(Object.entries(packages))("by the package %s", (_name, open) => {
    beforeEach(async () => {
      connections.push(await open(redis.address));
    });
    const client = (): object => connections[0]?.client ?? {};

    it("hold for all servers together", async () => {
      const [ann, bob] = [await start(client()), await start(client())];
      expect([await vote(ann), await vote(bob), await vote(ann)]).toEqual(Array(3).fill("counted"));

      const refusals = [await vote(ann), await vote(bob)] as { code: string; details: { retryAfterMs: number } }[];
      expect(refusals.map(({ code }) => code)).toEqual(["RATE_LIMITED", "RATE_LIMITED"]);
      for (const { details } of refusals) {
        expect(details.retryAfterMs).toBeGreaterThan(50_000);
        expect(details.retryAfterMs).toBeLessThanOrEqual(60_000);
      }
    });

    it("are apart under another prefix", async () => {
      const [ann, bob] = [await start(client()), await start(client(), "other app")];
      for (let count = 0; count < 3; count++) await vote(ann);

      expect(await vote(ann)).toMatchObject({ code: "RATE_LIMITED" });
      expect(await vote(bob)).toBe("counted");
    });

    it("are counted in memory while Redis is away", async () => {
      const ann = await start(client());
      expect(await vote(ann)).toBe("counted");
      await redis.stop();

      const outcomes = [await vote(ann), await vote(ann), await vote(ann), await vote(ann)];
      expect(outcomes.slice(0, 3)).toEqual(Array(3).fill("counted"));
      expect(outcomes[3]).toMatchObject({ code: "RATE_LIMITED" });
      expect(applications[0]?.log.map(({ message }) => message)).toEqual([
        "the store of the rate limit of / LimitedGateway.vote 0 fails (said once)",
      ]);
    });
  });
});
