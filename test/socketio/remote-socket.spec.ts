import { setImmediate as nextTurn } from "node:timers/promises";
import { Adapter, type BroadcastOptions } from "socket.io-adapter";
import type { DefaultEventsMap, RemoteSocket } from "../../src/core.js";
import { SocketStage } from "../support/socket-stage.js";

interface Reached {
  readonly what: string;
  readonly rooms: string[];
  readonly rest: unknown[];
}

/** An adapter whose cluster has one socket elsewhere, "far". */
class ClusterAdapter extends Adapter {
  static reached: Reached[] = [];
  static answer: unknown = undefined;

  override fetchSockets(): Promise<never[]> {
    const far = { id: "far", handshake: { auth: { token: 1 } }, rooms: ["far", "room"], data: { name: "Ada" } };
    return Promise.resolve([far] as never[]);
  }

  override addSockets(options: BroadcastOptions, rooms: string[]): void {
    ClusterAdapter.#note("join", options, rooms);
  }

  override delSockets(options: BroadcastOptions, rooms: string[]): void {
    ClusterAdapter.#note("leave", options, rooms);
  }

  override disconnectSockets(options: BroadcastOptions, close: boolean): void {
    ClusterAdapter.#note("disconnect", options, close);
  }

  override broadcast(packet: { data: unknown[] }, options: BroadcastOptions): void {
    ClusterAdapter.#note("emit", options, packet.data);
  }

  override broadcastWithAck(
    packet: { data: unknown[] },
    options: BroadcastOptions,
    onCount: (count: number) => void,
    ack: (...args: unknown[]) => void,
  ): void {
    ClusterAdapter.#note("ask", options, packet.data, options.flags?.timeout);
    onCount(1);
    ack(ClusterAdapter.answer);
  }

  static #note(what: string, { rooms }: BroadcastOptions, ...rest: unknown[]): void {
    ClusterAdapter.reached.push({ what, rooms: [...rooms], rest });
  }
}

async function fetchFar(): Promise<RemoteSocket<DefaultEventsMap, unknown>> {
  ClusterAdapter.reached = [];
  const { io } = new SocketStage({ adapter: ClusterAdapter as never });
  const [far] = await io.fetchSockets();
  return far as unknown as RemoteSocket<DefaultEventsMap, unknown>;
}

describe("a socket of another server", () => {
  it("is a snapshot of it", async () => {
    const { id, handshake, rooms, data } = await fetchFar();

    expect({ id, handshake, rooms, data }).toEqual({
      id: "far",
      handshake: { auth: { token: 1 } },
      rooms: new Set(["far", "room"]),
      data: { name: "Ada" },
    });
  });

  it("is reached through the adapter, alone", async () => {
    const far = await fetchFar();
    far.join("a");
    far.join(["b", "c"]);
    far.leave("a");
    far.emit("say", 1);
    expect(far.disconnect(true)).toBe(far);

    expect(ClusterAdapter.reached).toEqual([
      { what: "join", rooms: ["far"], rest: [["a"]] },
      { what: "join", rooms: ["far"], rest: [["b", "c"]] },
      { what: "leave", rooms: ["far"], rest: [["a"]] },
      { what: "emit", rooms: ["far"], rest: [["say", 1]] },
      { what: "disconnect", rooms: ["far"], rest: [true] },
    ]);
  });

  it("gives one answer, not a list", async () => {
    const far = await fetchFar();
    ClusterAdapter.answer = "yes";
    const ack = jest.fn();
    far.timeout(100).emit("ask", 1, ack);
    await nextTurn();

    expect(ack.mock.calls).toEqual([[null, "yes"]]);
    expect(ClusterAdapter.reached).toEqual([{ what: "ask", rooms: ["far"], rest: [["ask", 1], 100] }]);
  });

  it.each([undefined, null])("gives an answer of %s as it is", async (answer) => {
    const far = await fetchFar();
    ClusterAdapter.answer = answer;
    const ack = jest.fn();
    far.timeout(100).emit("ask", ack);
    await nextTurn();

    expect(ack.mock.calls).toEqual([[null, answer]]);
    expect(await far.timeout(100).emitWithAck("ask")).toBe(answer);
  });

  it("is not made of a socket of this server, which comes as itself", async () => {
    const stage = new SocketStage();
    const { socket } = stage.join();

    expect(await stage.io.fetchSockets()).toEqual([socket]);
  });
});
