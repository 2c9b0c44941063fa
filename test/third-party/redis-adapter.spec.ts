import { describeWith } from "../support/programs.js";
import { Redis } from "../support/services.js";
import { nextEvent } from "../support/waiting.js";
import { describeCluster, describeDeparture, names } from "./cluster-contract.js";
import { joined, startMembers, useCluster, useVisitors } from "./cluster.js";
import type { MemberSettings } from "./servers/member.js";

describeWith("redis-server", "over Redis", (path) => {
  const redis = new Redis(path);
  beforeAll(() => redis.start());
  afterAll(() => redis.remove());

  describe.each([
    "@socket.io/redis-adapter with redis",
    "@socket.io/redis-adapter with ioredis",
    "@socket.io/redis-adapter, sharded, with redis",
    "@socket.io/redis-adapter, sharded, with ioredis",
  ] as const)("%s", (adapter) => {
    const cluster = useCluster(() => startMembers({ adapter, address: redis.address }));
    describeCluster(cluster);

    describe("when Redis goes away and comes back", () => {
      const visit = useVisitors();

      it("serves the clients of each server meanwhile, and all of them afterwards", async () => {
        const ann = await visit(cluster.first, { name: "ann" });
        const bob = await visit(cluster.second, { name: "bob" });
        await redis.stop();
        const meanwhile = nextEvent(ann, "meanwhile");
        await cluster.first.run((io) => io.local.emit("meanwhile", 1));
        expect(await meanwhile).toEqual([1]);
        const late = nextEvent(ann, "late");
        await cluster.first.run((io) => io.emit("late"));

        await redis.start();
        await joined(cluster);
        await late;
        expect(await names(cluster.first)).toEqual(["ann", "bob"]);
        const again = [ann, bob].map((client) => nextEvent(client, "again"));
        await cluster.second.run((io) => io.emit("again", 2));
        expect(await Promise.all(again)).toEqual([[2], [2]]);
      });
    });

    describeDeparture(cluster);
  });

  describe.each(["@socket.io/redis-adapter with redis", "@socket.io/redis-adapter, sharded, with redis"] as const)(
    "%s, between Rookery and socket.io",
    (adapter) => {
      const settings = (): MemberSettings => ({ adapter, address: redis.address });
      describeCluster(useCluster(() => startMembers(settings(), ["rookery", "socket.io"])));
    },
  );
});
