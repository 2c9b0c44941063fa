import { Emitter } from "@socket.io/redis-emitter";
import { createClient } from "redis";
import { Journal } from "../support/journal.js";
import { describeWith } from "../support/programs.js";
import { Redis } from "../support/services.js";
import { nextEvent, until } from "../support/waiting.js";
import { names } from "./cluster-contract.js";
import { startMembers, useCluster, useVisitors } from "./cluster.js";

describeWith("redis-server", "@socket.io/redis-emitter, from a process without a server", (path) => {
  const redis = new Redis(path);
  let client: { connect(): Promise<unknown>; destroy(): void };
  let emitter: Emitter;

  beforeAll(async () => {
    await redis.start();
    client = createClient({ socket: { path: redis.address, tls: false } });
    await client.connect();
    emitter = new Emitter(client);
  });
  afterAll(async () => {
    client.destroy();
    await redis.remove();
  });

  const cluster = useCluster(() =>
    startMembers({ adapter: "@socket.io/redis-adapter with redis", address: redis.address }),
  );
  const visit = useVisitors();

  it("emits to the clients of all servers, binary data included", async () => {
    const ann = await visit(cluster.first, { name: "ann" });
    const bob = await visit(cluster.second, { name: "bob" });
    const received = [ann, bob].map((visitor) => nextEvent(visitor, "news"));
    emitter.emit("news", 1, Buffer.from([2]));

    expect(await Promise.all(received)).toEqual(Array(2).fill([1, Buffer.from([2])]));
  });

  it("emits to rooms and namespaces", async () => {
    const ann = await visit(cluster.first, { name: "ann", rooms: ["red"], namespace: "/chat" });
    const bob = await visit(cluster.second, { name: "bob", rooms: ["red", "blue"], namespace: "/chat" });
    const cat = await visit(cluster.second, { name: "cat", rooms: ["red"] });
    const received = nextEvent(ann, "news");
    const journals = [new Journal(bob), new Journal(cat)];
    emitter.of("/chat").to("red").except("blue").emit("news");
    await received;

    emitter.of("/chat").emit("fence");
    emitter.emit("fence");
    expect(await Promise.all(journals.map((journal) => journal.before("fence")))).toEqual([[], []]);
  });

  it("moves and disconnects sockets", async () => {
    const ann = await visit(cluster.first, { name: "ann", rooms: ["red"] });
    const bob = await visit(cluster.second, { name: "bob", rooms: ["red"] });
    emitter.in("red").socketsJoin("green");
    await until(async () => (await names(cluster.first, "green")).length === 2, "both are in green");
    emitter.in(bob.id ?? "").socketsLeave("green");
    await until(async () => (await names(cluster.first, "green")).length === 1, "bob is not in green");
    expect(await names(cluster.first, "green")).toEqual(["ann"]);

    const left = [ann, bob].map((visitor) => nextEvent(visitor, "disconnect"));
    emitter.in("red").disconnectSockets(true);
    expect((await Promise.all(left)).map(([reason]) => reason)).toEqual(Array(2).fill("io server disconnect"));
  });

  it("emits to the servers themselves", async () => {
    const ann = await visit(cluster.first, { name: "ann" });
    const bob = await visit(cluster.second, { name: "bob" });
    for (const member of [cluster.first, cluster.second]) {
      await member.run((io) => {
        io.on("hello", (name: string) => io.local.emit("heard", name));
      });
    }
    const heard = [ann, bob].map((visitor) => nextEvent(visitor, "heard"));
    emitter.serverSideEmit("hello", "emitter");

    expect(await Promise.all(heard)).toEqual([["emitter"], ["emitter"]]);
  });
});
