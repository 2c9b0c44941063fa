import { itIsBetterHere } from "../support/better-here.js";
import {
  describeEveryClient,
  itIf,
  type ClientSocket,
  type ClientStage,
  type Pair,
  type Rig,
} from "../support/clients.js";
import type { Server, ServerOptions, Socket } from "../support/peer.js";
import { LOSSES, QUICK } from "../support/losses.js";
import { nextEvent } from "../support/waiting.js";

async function openWithRecovery(
  rig: Rig,
  recovery: ServerOptions["connectionStateRecovery"] = {},
): Promise<ClientStage> {
  return rig.open({ connectionStateRecovery: recovery });
}

/** A client that has received an event, and so has an offset to come back with. */
async function settledPair(stage: ClientStage): Promise<Pair> {
  const pair = await stage.settledPair(QUICK);
  const received = nextEvent(pair.client, "read");
  pair.socket.emit("read");
  await received;
  return stage.settled(pair);
}

/** Emits as soon as the server knows that the client has gone, before it can be back. */
function whileAway({ socket }: Pair, emit: () => void): void {
  socket.on("disconnect", emit);
}

/** What a client hears from now on: names and arguments without their offsets, and "connect". */
function journalOf(client: ClientSocket): unknown[][] {
  const journal: unknown[][] = [];
  client.onAny((...event: unknown[]) => journal.push(event.slice(0, -1)));
  client.on("connect", () => journal.push(["connect"]));
  return journal;
}

/** Waits until everything emitted until now has come. */
async function flushed(io: Server, client: ClientSocket): Promise<void> {
  const fence = nextEvent(client, "fence");
  io.emit("fence");
  await fence;
}

/** The client's socket after the connection was lost as `lose` says. */
async function lost(stage: ClientStage, pair: Pair, lose: (stage: ClientStage, pair: Pair) => void): Promise<Pair> {
  const gone = Promise.all([nextEvent(pair.client, "disconnect"), nextEvent(pair.socket, "disconnect")]);
  const again = nextEvent(pair.client, "connect");
  lose(stage, pair);
  await gone;
  await again;
  return { client: pair.client, socket: stage.io.of("/").sockets.get(pair.client.id ?? "") as Socket };
}

describeEveryClient(
  "connection state recovery",
  (rig) => {
    for (const [name, lose] of Object.entries(LOSSES)) {
      it(`gives a client its socket back after ${name}`, async () => {
        const stage = await openWithRecovery(rig);
        const first = await settledPair(stage);
        await first.socket.join(["room", "other"]);
        first.socket.data = { name: "Ada" };
        const { id } = first.socket;
        const again = await lost(stage, first, lose);

        expect([again.client.id, again.client.recovered]).toEqual([id, true]);
        expect(again.socket).not.toBe(first.socket);
        expect([again.socket.id, again.socket.recovered]).toEqual([id, true]);
        expect([...again.socket.rooms].sort()).toEqual([id, "other", "room"].sort());
        expect(again.socket.data).toEqual({ name: "Ada" });
        expect([...stage.io.of("/").sockets.values()]).toEqual([again.socket]);
      });

      it(`brings what it has missed, once and in order, before it hears that it is connected, after ${name}`, async () => {
        const stage = await openWithRecovery(rig);
        const pair = await settledPair(stage);
        await pair.socket.join("room");
        const journal = journalOf(pair.client);
        whileAway(pair, () => {
          stage.io.emit("all", 1);
          stage.io.to("room").emit("room", { text: "é" }, Buffer.from([1, 2, 3]));
          stage.io.to("elsewhere").emit("other");
          stage.io.except("room").emit("other");
          pair.socket.emit("direct", [null, 2], Buffer.from("x"), new Uint8Array([4]));
          stage.io.volatile.emit("volatile", {});
          stage.io.to(pair.socket.id).emit("last", "text");
        });
        await lost(stage, pair, lose);
        await flushed(stage.io, pair.client);

        expect(journal).toEqual([
          ["all", 1],
          ["room", { text: "é" }, Buffer.from([1, 2, 3])],
          ["direct", [null, 2], Buffer.from("x"), Buffer.from([4])],
          ["last", "text"],
          ["connect"],
          ["fence"],
        ]);
      });

      it(`works as often as it has to, after ${name}`, async () => {
        const stage = await openWithRecovery(rig);
        let pair = await settledPair(stage);
        const { id } = pair.socket;
        const journal = journalOf(pair.client);
        for (const round of [1, 2, 3]) {
          whileAway(pair, () => {
            stage.io.emit("missed", round);
          });
          pair = await stage.settled(await lost(stage, pair, lose));
          expect([pair.client.id, pair.client.recovered]).toEqual([id, true]);
        }

        expect(journal.filter(([event]) => event === "missed")).toEqual([
          ["missed", 1],
          ["missed", 2],
          ["missed", 3],
        ]);
      });
    }

    // A poll's answer has left when it is written, and the next poll takes another connection: nothing is lost.
    itIf(rig.plan !== "polling")("brings what was under way when the network was cut", async () => {
      const stage = await openWithRecovery(rig);
      const pair = await settledPair(stage);
      const journal = journalOf(pair.client);
      await lost(stage, pair, () => {
        stage.io.emit("under way", 1);
        stage.stage.cutConnections();
      });
      await flushed(stage.io, pair.client);

      expect(journal).toEqual([["under way", 1], ["connect"], ["fence"]]);
    });

    it("brings back every namespace of the connection", async () => {
      const stage = await openWithRecovery(rig);
      stage.io.of("/admin");
      const main = await settledPair(stage);
      const admin = await stage.paired(stage.sibling(main.client, "/admin"), "/admin");
      const read = nextEvent(admin.client, "read");
      admin.socket.emit("read");
      await read;
      const ids = [main.socket.id, admin.socket.id];
      whileAway(admin, () => {
        stage.io.of("/admin").emit("missed", "admin");
      });
      const missed = nextEvent(admin.client, "missed");
      const both = Promise.all([stage.paired(main.client), stage.paired(admin.client, "/admin")]);
      main.socket.conn.close();
      const [mainAgain, adminAgain] = await both;

      expect([mainAgain.socket.id, adminAgain.socket.id]).toEqual(ids);
      expect((await missed)[0]).toBe("admin");
    });

    it("ends questions that were in flight, and does not ask them again", async () => {
      const stage = await openWithRecovery(rig);
      const pair = await settledPair(stage);
      const asked: unknown[] = [];
      pair.client.on("ask", (question) => asked.push(question));
      const failed = new Promise((resolve) => {
        pair.socket.timeout(2_000).emit("ask", "server?", (error: Error | null) => {
          resolve(error !== null);
        });
      });
      const ownFailed = pair.client
        .timeout(2_000)
        .emitWithAck("ask")
        .then(undefined, () => "failed");
      const heard = nextEvent(pair.client, "ask");
      await heard;
      const again = await lost(stage, pair, (_stage, { socket }) => {
        socket.conn.close();
      });
      const answer = again.socket.timeout(2_000).emitWithAck("answer me");
      const [reply] = (await nextEvent(again.client, "answer me")) as [(value: string) => void];
      reply("here");

      expect(again.socket.recovered).toBe(true);
      expect(await answer).toBe("here");
      expect([await failed, await ownFailed]).toEqual([true, "failed"]);
      expect(asked).toEqual(["server?"]);
    });

    it("begins anew after the server has disconnected the socket", async () => {
      const stage = await openWithRecovery(rig);
      const { client, socket } = await settledPair(stage);
      const gone = nextEvent(client, "disconnect");
      socket.disconnect();
      await gone;
      client.connect();
      const again = await stage.paired(client);

      expect([again.socket.recovered, client.recovered]).toEqual([false, false]);
      expect(again.socket.id).not.toBe(socket.id);
    });

    it("begins anew when the time is over", async () => {
      const stage = await openWithRecovery(rig, { maxDisconnectionDuration: 1 });
      const { client, socket } = await settledPair(stage);
      const pair = { client, socket };
      client.io.reconnectionDelay(50);
      client.io.reconnectionDelayMax(50);
      const again = await lost(stage, pair, (_stage, { socket: { conn } }) => {
        conn.close();
      });

      expect(client.recovered).toBe(false);
      expect(again.socket.id).not.toBe(socket.id);
    });

    itIsBetterHere("brings a client back that has received nothing", async () => {
      const stage = await openWithRecovery(rig);
      const pair = await stage.settledPair(QUICK);
      const { id } = pair.socket;
      const journal = journalOf(pair.client);
      whileAway(pair, () => {
        stage.io.emit("first", 1);
      });
      const again = await lost(stage, pair, (_stage, { socket }) => {
        socket.conn.close();
      });

      expect([again.client.id, again.client.recovered]).toEqual([id, true]);
      expect(journal).toEqual([["first", 1], ["connect"]]);
    });

    itIsBetterHere("asks the middlewares again, and brings what was missed once they agree", async () => {
      const stage = await openWithRecovery(rig);
      let isExpired = false;
      stage.io.use((_socket, next) => {
        next(isExpired ? new Error("token expired") : undefined);
      });
      const pair = await settledPair(stage);
      const journal = journalOf(pair.client);
      whileAway(pair, () => {
        stage.io.emit("missed", 1);
      });
      isExpired = true;
      const refused = nextEvent(pair.client, "connect_error");
      pair.socket.conn.close();
      const [error] = await refused;
      isExpired = false;
      const heard = [...journal];
      pair.client.connect();
      const again = await stage.paired(pair.client);

      expect((error as Error).message).toBe("token expired");
      expect(heard).toEqual([]);
      expect(again.socket.recovered).toBe(true);
      expect(journal).toEqual([["missed", 1], ["connect"]]);
    });

    itIsBetterHere("brings a client back whose old connection the server has not missed yet", async () => {
      const stage = await openWithRecovery(rig);
      const pair = await settledPair(stage);
      const { id } = pair.socket;
      const { pid, offset } = secretsOf(pair.client);
      const gone = nextEvent(pair.socket, "disconnect");
      const other = await stage.pair("/", { auth: { pid, offset } });

      expect(await gone).toEqual(["forced close", undefined]);
      expect([other.client.id, other.socket.recovered]).toEqual([id, true]);
    });

    itIsBetterHere("gives a session out once", async () => {
      const stage = await openWithRecovery(rig);
      const pair = await settledPair(stage);
      const auth = secretsOf(pair.client);
      pair.client.io.reconnection(false);
      const gone = nextEvent(pair.socket, "disconnect");
      pair.socket.conn.close();
      await gone;
      const first = await stage.pair("/", { auth });
      const ended = nextEvent(first.socket, "disconnect");
      const second = await stage.pair("/", { auth });
      await ended;

      expect(first.socket.recovered).toBe(true);
      expect(second.socket.recovered).toBe(false);
      expect([...stage.io.of("/").sockets.keys()]).toEqual([second.socket.id]);
      expect(second.socket.id).not.toBe(first.socket.id);
    });
  },
  { since: 4 },
);

/** What the client would come back with. */
function secretsOf(client: ClientSocket): { pid: unknown; offset: unknown } {
  const { _pid: pid, _lastOffset: offset } = client as unknown as { _pid: unknown; _lastOffset: unknown };
  return { pid, offset };
}
