import { setImmediate as nextTurn } from "node:timers/promises";
import { Adapter, type BroadcastOptions } from "socket.io-adapter";
import type { AckStream, Namespace, Socket } from "../../src/core.js";
import { SocketStage, type FakeClient } from "../support/socket-stage.js";

interface Member {
  readonly client: FakeClient;
  readonly socket: Socket;
}

/** The adapter of one of two servers; the other has one socket in each namespace, which answers when it is told to. */
class PairAdapter extends Adapter {
  static readonly timeouts: unknown[] = [];
  static answerFar: () => void = () => undefined;

  override serverCount(): Promise<number> {
    return Promise.resolve(2);
  }

  override broadcastWithAck(
    packet: object,
    options: BroadcastOptions,
    onCount: (count: number) => void,
    ack: (...args: unknown[]) => void,
  ): void {
    PairAdapter.timeouts.push(options.flags?.timeout);
    if (options.flags?.local !== true)
      setImmediate(() => {
        onCount(1);
        const before = PairAdapter.answerFar;
        PairAdapter.answerFar = () => {
          before();
          ack("far");
        };
      });
    super.broadcastWithAck(packet, options, onCount, ack);
  }
}

beforeEach(() => {
  PairAdapter.timeouts.length = 0;
  PairAdapter.answerFar = () => undefined;
});

/** A parent with the children "/room-1" and so on, each with a member. */
function open(count: number, stage = new SocketStage()): { parent: Namespace; members: Member[] } {
  const parent = asParent(stage);
  const members = Array.from({ length: count }, (_, index) => {
    const client = stage.connect();
    client.send(`40/room-${String(index + 1)},`);
    client.take();
    const [socket] = [...(stage.io._nsps.get(`/room-${String(index + 1)}`)?.sockets.values() ?? [])];
    if (socket === undefined) throw new Error("the client was not let in");
    return { client, socket };
  });
  return { parent, members };
}

const asParent = (stage: SocketStage): Namespace => stage.io.of(/^\/room-\d$/);

const ask = (namespace: Namespace): AckStream<unknown> => namespace.emitWithAck("ask") as AckStream<unknown>;

describe("a broadcast of a parent namespace with acknowledgements", () => {
  it("collects the answers of all children", async () => {
    const { parent, members } = open(3);
    const all = ask(parent).all();
    await nextTurn();
    for (const [index, { client }] of members.entries())
      client.send(`43/room-${String(index + 1)},0["${String(index)}"]`);

    expect(await all).toEqual(
      members.map(({ socket }, index) => ({
        socketId: socket.id,
        ok: true,
        value: String(index),
        args: [String(index)],
      })),
    );
  });

  it("frees what is pending in the children when the loop is left", async () => {
    const { parent, members } = open(3);
    const stream = parent.timeout(1_000).emitWithAck("ask") as AckStream<unknown>;
    await nextTurn();
    members[1]?.client.send("43/room-2,0[1]");
    for await (const { socketId } of stream) {
      expect(socketId).toBe(members[1]?.socket.id);
      break;
    }

    expect(members.map(({ socket }) => socket.acks.size)).toEqual([0, 0, 0]);
  });

  it.each(["everywhere", "on this server"])("has no answers when there are no children %s", async (where) => {
    const { parent } = open(0);
    const operator = where === "everywhere" ? parent : parent.local;

    expect(await (operator.emitWithAck("ask") as AckStream<unknown>).all()).toEqual([]);
  });

  it("waits for the sockets of other servers", async () => {
    const { parent, members } = open(2, new SocketStage({ adapter: PairAdapter }));
    const all = ask(parent).all();
    await nextTurn();
    members[0]?.client.send('43/room-1,0["near"]');
    members[1]?.client.send('43/room-2,0["near"]');
    await nextTurn();
    PairAdapter.answerFar();

    expect((await all).map((result) => result.ok && result.value)).toEqual(["near", "near", "far", "far"]);
  });
});

describe("a broadcast with acknowledgements that reaches other servers", () => {
  it("waits a minute where nobody says how long: those servers do not tell when a socket leaves", async () => {
    const stage = new SocketStage({ adapter: PairAdapter });
    const { socket, transport } = stage.join();
    const all = ask(stage.io.of("/")).all();
    await nextTurn();
    transport.receive('430["near"]');
    stage.clock.advance(59_000);
    expect(PairAdapter.timeouts).toEqual([60_000]);

    stage.clock.advance(1_000);
    expect(await all).toMatchObject([
      { socketId: socket.id, ok: true, value: "near" },
      { socketId: undefined, ok: false, error: { code: "SOCKET_ACK_TIMEOUT" } },
    ]);
  });

  it("waits as long as it is told to", async () => {
    const stage = new SocketStage({ adapter: PairAdapter, ackTimeout: 100 });
    const [all, other] = [ask(stage.io.of("/")).all(), stage.io.timeout(50).emitWithAck("ask").all()];
    await nextTurn();
    stage.clock.advance(100);

    expect(await all).toMatchObject([{ ok: false, error: { code: "SOCKET_ACK_TIMEOUT" } }]);
    expect(await other).toMatchObject([{ ok: false, error: { code: "SOCKET_ACK_TIMEOUT" } }]);
    expect(PairAdapter.timeouts).toEqual([100, 50]);
  });

  it("waits for those of this server alone when it is local", async () => {
    const stage = new SocketStage({ adapter: PairAdapter });
    const { transport } = stage.join();
    const awaited = stage.io.local.emitWithAck("ask").all();
    await nextTurn();
    stage.clock.advance(1_000);
    transport.receive('430["near"]');

    expect(await awaited).toMatchObject([{ ok: true, value: "near" }]);
  });
});
