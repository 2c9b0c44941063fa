import { setImmediate as nextTurn } from "node:timers/promises";
import { messageOf } from "../../src/common/index.js";
import type { AckResult, AckStream } from "../../src/core.js";
import { SocketStage, type FakeClient } from "../support/socket-stage.js";

let stage: SocketStage;
let clients: FakeClient[];
let ids: string[];

beforeEach(() => {
  stage = new SocketStage();
  const joined = [stage.join(), stage.join(), stage.join()];
  clients = joined;
  ids = joined.map(({ socket }) => socket.id);
});

/** Asks everyone; returns once all have been asked. The stream is within an object: an async function would await it. */
async function ask(): Promise<{ stream: AckStream<unknown> }> {
  const stream = stage.io.timeout(100).emitWithAck("ask") as AckStream<unknown>;
  await nextTurn();
  return { stream };
}

const answer = (...numbers: number[]): void => {
  for (const number of numbers) clients[number]?.send(`430[${number}]`);
};

const pendingAcks = (): number => [...stage.io.sockets.sockets.values()].reduce((sum, { acks }) => sum + acks.size, 0);

const brief = (result: AckResult<unknown> | undefined): unknown =>
  result && [ids.indexOf(result.socketId ?? ""), result.ok ? result.value : result.error.message];

describe("an ack stream", () => {
  it("is what socket.io gives when it is awaited", async () => {
    const { stream } = await ask();
    answer(2, 0, 1);

    expect(await stream).toEqual([2, 0, 1]);
    expect(await stream).toEqual([2, 0, 1]);
  });

  it("yields one result per socket, as they come", async () => {
    const { stream } = await ask();
    answer(1);
    const results: unknown[] = [];
    const reading = (async () => {
      for await (const result of stream) results.push(brief(result));
    })();
    await nextTurn();
    expect(results).toEqual([[1, 1]]);

    clients[0]?.transport.lose();
    await nextTurn();
    stage.clock.advance(100);
    await reading;
    expect(results).toEqual([
      [1, 1],
      [0, "socket has been disconnected"],
      [2, "operation has timed out"],
    ]);
  });

  it("frees what is pending when the loop is left", async () => {
    const { stream } = await ask();
    answer(1);
    for await (const result of stream) {
      expect(brief(result)).toEqual([1, 1]);
      break;
    }

    expect(pendingAcks()).toBe(0);
    expect(stage.clock.pendingTimers).toBe(1);
  });

  it("gives the first result, and frees the others", async () => {
    const { stream } = await ask();
    const first = stream.first();
    answer(2);

    expect(brief(await first)).toEqual([2, 2]);
    expect(pendingAcks()).toBe(0);
  });

  it("gives no first result when there was nobody", async () => {
    const stream = stage.io.to("nowhere").emitWithAck("ask") as AckStream<unknown>;

    expect(await stream.first()).toBeUndefined();
    expect(await stream.all()).toEqual([]);
    expect(await stream).toEqual([]);
  });

  it("gives all results, failures among them, and never rejects", async () => {
    const { stream } = await ask();
    const all = stream.all();
    answer(1, 0);
    stage.clock.advance(100);

    expect((await all).map(brief)).toEqual([
      [1, 1],
      [0, 0],
      [2, "operation has timed out"],
    ]);
  });

  it("rejects only where somebody waits", async () => {
    await ask();
    stage.clock.advance(100);
    await nextTurn();

    expect(pendingAcks()).toBe(0);
  });

  it("works like a promise", async () => {
    const { stream } = await ask();
    const finished = jest.fn();
    const rejection = stream.finally(finished).catch(messageOf);
    const recovered = stream.then(undefined, () => "recovered");
    stage.clock.advance(100);

    expect(await rejection).toBe("operation has timed out");
    expect(await recovered).toBe("recovered");
    expect(await stream.catch(() => "caught")).toBe("caught");
    expect(finished).toHaveBeenCalledTimes(1);
  });

  it("of one socket is its first argument", async () => {
    const { socket, transport } = stage.join();
    const stream = socket.emitWithAck("ask") as AckStream<unknown>;
    transport.receive("430[1,2]");

    expect(await stream).toBe(1);
    expect(await stream.all()).toEqual([{ socketId: socket.id, ok: true, value: 1, args: [1, 2] }]);
  });

  it("reads the answers by a decoder", async () => {
    const decoded = stage.io
      .timeout(100)
      .decode((value) => `read ${String(value)}`)
      .emitWithAck("ask");
    await nextTurn();
    answer(0, 1, 2);

    expect(await decoded).toEqual(["read 0", "read 1", "read 2"]);
  });
});
