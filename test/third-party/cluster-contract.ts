import type { Socket as ClientSocket } from "socket.io-client";
import { itIsBetterHere } from "../support/better-here.js";
import { Journal } from "../support/journal.js";
import type { Server } from "../support/peer.js";
import { nextEvent, until } from "../support/waiting.js";
import { useVisitors, type Cluster, type Member } from "./cluster.js";

type Ack = (answer: unknown) => void;

/** What works across the servers of every cluster, whatever the adapter: ann is at the first, bob and cat at the second. */
export function describeCluster(cluster: Cluster): void {
  describe("two servers", () => {
    const visit = useVisitors();
    let ann: ClientSocket;
    let bob: ClientSocket;
    let cat: ClientSocket;

    beforeEach(async () => {
      ann = await visit(cluster.first, { name: "ann", rooms: ["red"] });
      bob = await visit(cluster.second, { name: "bob", rooms: ["red"] });
      cat = await visit(cluster.second, { name: "cat", rooms: ["blue"] });
    });

    afterEach(async () => {
      for (const client of [ann, bob, cat]) client.disconnect();
      await until(async () => (await names(cluster.first)).length === 0, "all have left");
    });

    describe("a broadcast", () => {
      it("reaches the clients of both servers, binary data included", async () => {
        const received = [ann, bob, cat].map((client) => nextEvent(client, "news"));
        await cluster.first.run((io) => io.emit("news", { id: 1 }, Buffer.from([1, 2, 3])));

        const news = [{ id: 1 }, Buffer.from([1, 2, 3])];
        expect(await Promise.all(received)).toEqual([news, news, news]);
      });

      it("to a room reaches its members on both servers and nobody else", async () => {
        const received = [ann, bob].map((client) => nextEvent(client, "news"));
        const journal = new Journal(cat);
        await cluster.first.run((io) => io.to("red").emit("news"));
        await Promise.all(received);

        await cluster.second.run((io) => io.local.emit("fence"));
        expect(await journal.before("fence")).toEqual([]);
      });

      it("leaves out the rooms of except() on both servers", async () => {
        const received = nextEvent(cat, "news");
        const journals = [new Journal(ann), new Journal(bob)];
        await cluster.first.run((io) => io.except("red").emit("news"));
        await received;

        for (const member of [cluster.first, cluster.second]) await member.run((io) => io.local.emit("fence"));
        expect(await Promise.all(journals.map((journal) => journal.before("fence")))).toEqual([[], []]);
      });

      it("of a socket reaches everybody but its client", async () => {
        const received = [ann, cat].map((client) => nextEvent(client, "news"));
        const journal = new Journal(bob);
        await cluster.second.run((io, id) => io.sockets.sockets.get(id)?.broadcast.emit("news"), bob.id ?? "");
        await Promise.all(received);

        await cluster.second.run((io) => io.local.emit("fence"));
        expect(await journal.before("fence")).toEqual([]);
      });

      it("with local stays on its server", async () => {
        const received = nextEvent(ann, "news");
        const journal = new Journal(bob);
        await cluster.first.run((io) => io.local.emit("news"));
        await received;

        await cluster.first.run((io) => io.emit("fence"));
        expect(await journal.before("fence")).toEqual([]);
      });

      it("stays in its namespace", async () => {
        const dan = await visit(cluster.second, { name: "dan", namespace: "/chat" });
        const received = nextEvent(dan, "news");
        const journal = new Journal(bob);
        await cluster.first.run((io) => io.of("/chat").emit("news"));
        await received;

        await cluster.second.run((io) => io.of("/").emit("fence"));
        expect(await journal.before("fence")).toEqual([]);
      });

      itIsBetterHere("of what cannot be encoded harms neither server", async () => {
        const received = [ann, bob].map((client) => nextEvent(client, "news"));
        const refused = cluster.first.run((io) => io.emit("huge", 1n));
        await expect(refused).rejects.toMatchObject({ code: "SOCKET_ENCODE" });
        await cluster.first.run((io) => io.emit("news", 1));

        expect(await Promise.all(received)).toEqual([[1], [1]]);
      });

      it("is told to the outgoing listeners of the sockets it reaches", async () => {
        await cluster.second.run((io, id) => {
          const socket = io.sockets.sockets.get(id);
          socket?.onAnyOutgoing((...event: unknown[]) => {
            socket.data = { event };
          });
        }, bob.id ?? "");
        const received = nextEvent(bob, "news");
        await cluster.first.run((io) => io.emit("news", 7));
        await received;

        const noted = await cluster.second.run((io, id) => io.sockets.sockets.get(id)?.data as unknown, bob.id ?? "");
        expect(noted).toEqual({ event: ["news", 7] });
      });
    });

    describe("acknowledgements", () => {
      it("of the clients of both servers are collected", async () => {
        answer(ann, "ann");
        answer(bob, "bob");
        answer(cat, "cat");
        const answers = await cluster.first.run((io) => io.timeout(2_000).emitWithAck("who"));

        expect(answers.sort()).toEqual(["ann", "bob", "cat"]);
      });

      it("go to a callback as well", async () => {
        answer(ann, "ann");
        answer(bob, "bob");
        const outcome = await cluster.second.run(
          (io) =>
            new Promise<unknown[]>((resolve) => {
              io.to("red")
                .timeout(2_000)
                .emit("who", (...answers: unknown[]) => {
                  resolve(answers);
                });
            }),
        );

        expect(outcome).toEqual([null, expect.arrayContaining(["ann", "bob"])]);
      });

      it("that do not all come in time are given with the error", async () => {
        answer(bob, "bob");
        const asked = cluster.first.run((io) => io.timeout(200).emitWithAck("who"));

        await expect(asked).rejects.toMatchObject({ message: "operation has timed out", responses: ["bob"] });
      });
    });

    describe("the sockets of the other server", () => {
      it("are fetched with their ids, rooms, data and handshakes", async () => {
        const there = await cluster.second.run((io, id) => {
          const { rooms, data, handshake } = io.sockets.sockets.get(id) ?? {};
          return { id, rooms, data: data as unknown, handshake };
        }, bob.id ?? "");
        const fetched = await cluster.first.run(async (io) =>
          (await io.in("red").fetchSockets()).map(({ id, rooms, data, handshake }) => {
            return { id, rooms, data: data as unknown, handshake };
          }),
        );

        expect(fetched).toHaveLength(2);
        // Null prototypes get lost on the way, and are no difference.
        expect(fetched.map(plain)).toContainEqual(plain(there));
        expect(there).toMatchObject({ rooms: new Set([bob.id, "red"]), data: { name: "bob" } });
      });

      it("join and leave rooms", async () => {
        await cluster.first.run((io) => {
          io.in("blue").socketsJoin(["green", "gold"]);
        });
        await until(async () => (await names(cluster.first, "gold")).includes("cat"), "cat is in gold");
        expect(await names(cluster.second, "green")).toEqual(["cat"]);

        await cluster.first.run((io) => {
          io.in("gold").socketsLeave("green");
        });
        await until(async () => (await names(cluster.first, "green")).length === 0, "nobody is in green");
        expect(await names(cluster.first, "gold")).toEqual(["cat"]);
      });

      it("are disconnected", async () => {
        const left = [ann, bob].map((client) => nextEvent(client, "disconnect"));
        await cluster.first.run((io) => {
          io.in("red").disconnectSockets();
        });

        expect((await Promise.all(left)).map(([reason]) => reason)).toEqual(Array(2).fill("io server disconnect"));
        expect(await names(cluster.first)).toEqual(["cat"]);
      });

      it("can be asked, moved and disconnected one by one", async () => {
        answer(bob, "bob");
        const one = await cluster.first.run(async (io, id) => {
          const [remote] = await io.in(id).fetchSockets();
          remote?.join("green");
          remote?.leave("red");
          return remote?.timeout(2_000).emitWithAck("who");
        }, bob.id ?? "");
        expect(one).toBe("bob");
        await until(async () => (await names(cluster.first, "green")).includes("bob"), "bob is in green");
        await until(async () => !(await names(cluster.first, "red")).includes("bob"), "bob is not in red");

        const left = nextEvent(bob, "disconnect");
        await cluster.first.run(async (io, id) => {
          const [remote] = await io.in(id).fetchSockets();
          remote?.disconnect(true);
        }, bob.id ?? "");
        expect(await left).toEqual(["io server disconnect", undefined]);
      });
    });

    describe("servers", () => {
      it("emit to one another", async () => {
        for (const member of [cluster.first, cluster.second]) await member.run(passOn);
        const heard = [bob, cat].map((client) => nextEvent(client, "heard"));
        const journal = new Journal(ann);
        await cluster.first.run((io) => io.serverSideEmit("hello", "first", Buffer.from([1]).length));

        expect(await Promise.all(heard)).toEqual([
          ["first", 1],
          ["first", 1],
        ]);
        await cluster.first.run((io) => io.local.emit("fence"));
        expect(await journal.before("fence")).toEqual([]);
      });

      it("answer one another", async () => {
        for (const [name, member] of Object.entries({ first: cluster.first, second: cluster.second })) {
          await member.run(answerServers, name);
        }

        expect(await cluster.first.run((io) => io.serverSideEmitWithAck("name", 1))).toEqual(["second 1"]);
        expect(await cluster.second.run((io) => io.of("/").serverSideEmitWithAck("name", 2))).toEqual(["first 2"]);
      });
    });
  });
}

/** How a cluster goes on without a server that has closed. The last thing to test of a cluster: the second ends. */
export function describeDeparture(cluster: Cluster): void {
  const visit = useVisitors();

  it("a server that closes is no longer waited for", async () => {
    const ann = await visit(cluster.first, { name: "ann" });
    const bob = await visit(cluster.second, { name: "bob" });
    answer(ann, "ann");
    const left = nextEvent(bob, "disconnect");
    await cluster.second.run((io) => io.close());
    await cluster.second.stop();
    await left;
    await until(async () => (await serverCount(cluster.first)) === 1, "the first server is alone");

    expect(await names(cluster.first)).toEqual(["ann"]);
    expect(await cluster.first.run((io) => io.timeout(2_000).emitWithAck("who"))).toEqual(["ann"]);
    expect(await cluster.first.run((io) => io.serverSideEmitWithAck("name"))).toEqual([]);
  });
}

/** Who is in the namespace "/", or in a room of it, as one server knows it. */
export async function names(member: Member, room?: string): Promise<string[]> {
  const all = await member.run(async (io, name) => {
    const sockets = await (name === undefined ? io.fetchSockets() : io.in(name).fetchSockets());
    return sockets.map(({ data }) => (data as { name: string }).name);
  }, room);
  return all.sort();
}

async function serverCount(member: Member): Promise<number> {
  return member.run((io) => io.of("/").adapter.serverCount());
}

function answer(client: ClientSocket, name: string): void {
  client.on("who", (ack: Ack) => {
    ack(name);
  });
}

function passOn(io: Server): void {
  io.removeAllListeners("hello").on("hello", (...args: unknown[]) => io.local.emit("heard", ...args));
}

function answerServers(io: Server, name: string): void {
  io.removeAllListeners("name").on("name", (count: number, ack: Ack) => {
    ack(`${name} ${count}`);
  });
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_, item: unknown) => (item instanceof Set ? [...item] : item)));
}
