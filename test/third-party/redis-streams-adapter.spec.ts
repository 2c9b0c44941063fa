import { createClient } from "redis";
import { engineOf } from "../support/clients.js";
import { describeWith } from "../support/programs.js";
import { Redis } from "../support/services.js";
import { nextEvent, until } from "../support/waiting.js";
import { describeCluster, describeDeparture, names } from "./cluster-contract.js";
import { joined, startMembers, useCluster, useVisitors } from "./cluster.js";

describeWith("redis-server", "over Redis streams", (path) => {
  const redis = new Redis(path);
  beforeAll(() => redis.start());
  afterAll(() => redis.remove());

  describe.each([
    "@socket.io/redis-streams-adapter with redis",
    "@socket.io/redis-streams-adapter with ioredis",
  ] as const)("%s", (adapter) => {
    const cluster = useCluster(async () => {
      const opened = await startMembers({ adapter, address: redis.address });
      await readers(redis.address, 2);
      return opened;
    });
    describeCluster(cluster);

    describe("when Redis goes away and comes back", () => {
      const visit = useVisitors();

      it("brings what was emitted meanwhile", async () => {
        const ann = await visit(cluster.first, { name: "ann" });
        const bob = await visit(cluster.second, { name: "bob" });
        const before = nextEvent(bob, "before");
        await cluster.first.run((io) => io.emit("before"));
        await before;
        await redis.stop();
        const meanwhile = [ann, bob].map((client) => nextEvent(client, "meanwhile"));
        await cluster.first.run((io) => io.emit("meanwhile", 1));

        await redis.start();
        expect(await Promise.all(meanwhile)).toEqual([[1], [1]]);
        await joined(cluster);
        const again = [ann, bob].map((client) => nextEvent(client, "again"));
        await cluster.second.run((io) => io.emit("again", 2));
        expect(await Promise.all(again)).toEqual([[2], [2]]);
      });
    });

    describeDeparture(cluster);
  });

  describe("connection state recovery", () => {
    const adapter = "@socket.io/redis-streams-adapter with redis";
    const cluster = useCluster(async () => {
      const opened = await startMembers({ adapter, address: redis.address, recovery: true });
      await readers(redis.address, 2);
      return opened;
    });
    const visit = useVisitors();

    it("lets a client go on at the other server", async () => {
      const ann = await visit(cluster.first, { name: "ann", rooms: ["red"] });
      const bob = await visit(cluster.second, { name: "bob", rooms: ["red"] });
      const { id } = ann;
      const before = [ann, bob].map((client) => nextEvent(client, "news"));
      await cluster.first.run((io) => io.to("red").emit("news", 1));
      await Promise.all(before);

      engineOf(ann).close();
      await until(async () => !(await names(cluster.first)).includes("ann"), "ann is away");
      const witnessed = nextEvent(bob, "news");
      await cluster.first.run((io) => io.to("red").emit("news", 2));
      await witnessed;
      const missed = nextEvent(ann, "news");
      Object.assign(ann.io, { uri: cluster.second.url });
      ann.connect();

      expect((await missed)[0]).toBe(2);
      expect({ recovered: ann.recovered, id: ann.id }).toEqual({ recovered: true, id });
      expect(await names(cluster.first, "red")).toEqual(["ann", "bob"]);
      const after = nextEvent(ann, "news");
      await cluster.first.run((io) => io.to("red").emit("news", 3));
      expect((await after)[0]).toBe(3);
    });
  });
});

/** Waits until so many servers read the stream: what is emitted before is not for them. */
async function readers(path: string, count: number): Promise<void> {
  const client = createClient({ socket: { path, tls: false } });
  await client.connect();
  const reading = `blocked_clients:${count}\r\n`;
  await until(async () => (await client.info("clients")).includes(reading), `${count} servers read the stream`);
  client.destroy();
}
