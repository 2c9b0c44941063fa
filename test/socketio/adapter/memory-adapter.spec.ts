import fc from "fast-check";
import { Adapter } from "socket.io-adapter";
import { MemoryAdapter } from "../../../src/socketio/adapter/memory-adapter.js";
import type { Namespace } from "../../../src/core.js";
import { SocketStage } from "../../support/socket-stage.js";

const EVENTS = ["create-room", "join-room", "leave-room", "delete-room"] as const;
const IDS = ["a", "b", "c"];
const ROOMS = ["a", "b", "red", "blue"];

/** What a program can see of an adapter: its maps, its events, who is found. */
class Observed {
  readonly adapter: Adapter;
  readonly seen: unknown[] = [];

  constructor(create: new (namespace: Namespace) => unknown) {
    const sockets = new Map(IDS.slice(0, 2).map((id) => [id, { id }]));
    const namespace = { name: "/", sockets, server: { encoder: {} } };
    this.adapter = new create(namespace as never) as Adapter;
  }

  /** Records each event with what its listeners find of the room then. */
  listen(): this {
    for (const event of EVENTS) {
      this.adapter.on(event, (room: string, id?: string) => {
        this.seen.push([event, room, id, [...(this.adapter.rooms.get(room) ?? ["gone"])]]);
      });
    }
    return this;
  }

  async find(rooms: readonly string[], except: readonly string[]): Promise<string[]> {
    const sockets = await this.adapter.fetchSockets({ rooms: new Set(rooms), except: new Set(except) });
    return (sockets as { id: string }[]).map(({ id }) => id).toSorted();
  }

  get state(): unknown {
    const plain = (map: Map<string, Set<string>>): unknown => [...map].map(([key, set]) => [key, [...set]]);
    return { rooms: plain(this.adapter.rooms), sids: plain(this.adapter.sids), seen: this.seen };
  }
}

type Step = (adapter: Adapter) => unknown;
const id = fc.constantFrom(...IDS);
const room = fc.constantFrom(...ROOMS);
const rooms = fc.subarray(ROOMS);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(id, rooms).map(
    ([who, where]): Step =>
      (adapter) =>
        adapter.addAll(who, new Set(where)),
  ),
  fc.tuple(id, room).map(
    ([who, where]): Step =>
      (adapter) =>
        adapter.del(who, where),
  ),
  id.map(
    (who): Step =>
      (adapter) =>
        adapter.delAll(who),
  ),
  id.map(
    (who): Step =>
      (adapter) =>
        adapter.socketRooms(who),
  ),
);

describe("the memory adapter", () => {
  it("looks and tells as socket.io-adapter's does, whatever is done to it", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const [ours, theirs] = [new Observed(MemoryAdapter).listen(), new Observed(Adapter).listen()];
        for (const act of steps) for (const { adapter } of [ours, theirs]) act(adapter);

        expect(ours.state).toEqual(theirs.state);
      }),
    );
  });

  it("ends in the same state when nobody listens", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const [ours, theirs] = [new Observed(MemoryAdapter), new Observed(Adapter)];
        for (const act of steps) for (const { adapter } of [ours, theirs]) act(adapter);

        expect(ours.state).toEqual(theirs.state);
      }),
    );
  });

  it("finds the same sockets as socket.io-adapter's", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(rooms, { minLength: 2, maxLength: 2 }),
        rooms,
        rooms,
        async (joined, wanted, except) => {
          const [ours, theirs] = [new Observed(MemoryAdapter), new Observed(Adapter)];
          for (const { adapter } of [ours, theirs]) {
            joined.forEach(
              (names, index) => void adapter.addAll(IDS[index] ?? "", new Set([IDS[index] ?? "", ...names])),
            );
          }

          expect(await ours.find(wanted, except)).toEqual(await theirs.find(wanted, except));
        },
      ),
    );
  });

  it("is the default, and an adapter for all who ask", () => {
    const { io } = new SocketStage();

    expect(io.of("/").adapter).toBeInstanceOf(MemoryAdapter);
    expect(io.of("/").adapter).toBeInstanceOf(Adapter);
  });
});
