import {
  AckDecodeError,
  AckDisconnectedError,
  AckTimeoutError,
  EncodeError,
  SendError,
  type AckResult,
  type AckStream,
} from "rookery/core";
import { itIsBetterHere } from "../support/better-here.js";
import { describeEveryClient, type ClientSocket, type ClientStage, type Pair } from "../support/clients.js";
import { LeapingClock } from "../support/leaping-clock.js";
import { isReference, type Server, type Socket } from "../support/peer.js";
import { nextEvent, until, within } from "../support/waiting.js";

type Reply = (...args: unknown[]) => void;
type Answers = AckStream<unknown>;

/** Answers every "q" as `answer` says; undefined for silence. */
function answering({ client }: Pair, ...answer: unknown[]): void {
  client.on("q", (...args: unknown[]) => (args.at(-1) as Reply)(...answer));
}

/** The client will hear the question and keep silent. */
const hears = (client: ClientSocket): Promise<unknown[]> => nextEvent(client, "q");

/** The reference returns a promise, which must not reject unheard when the test fails before it looks at it. */
function streamOf(answers: unknown): Answers {
  if (isReference) (answers as Promise<unknown>).catch(() => undefined);
  return answers as Answers;
}

/** Begins to read at once, or throws. */
function collect(stream: Answers): Promise<AckResult<unknown>[]> {
  const reading = stream[Symbol.asyncIterator]();
  const read = async (): Promise<AckResult<unknown>[]> => {
    const results: AckResult<unknown>[] = [];
    for await (const result of reading) results.push(result);
    return results;
  };
  return within(read(), "the end of the stream");
}

/** The results as pairs of a client's name and its value or error, in the order of the names. */
function byName(results: AckResult<unknown>[], sockets: Record<string, Socket>): unknown[] {
  const nameOf = (id: string | undefined): string =>
    Object.keys(sockets).find((name) => sockets[name]?.id === id) ?? "nobody";
  return results
    .map((result) => [nameOf(result.socketId), result.ok ? result.value : result.error])
    .sort(([one], [other]) => String(one).localeCompare(String(other)));
}

function pendingAcks(io: Server): number {
  return [...io.of("/").sockets.values()].reduce((sum, { acks }) => sum + acks.size, 0);
}

async function pairs(stage: ClientStage, count: number): Promise<Pair[]> {
  return Promise.all(Array.from({ length: count }, () => stage.pair()));
}

describeEveryClient("emitWithAck to one socket", (rig) => {
  itIsBetterHere("gives the answer that comes within the default timeout", async () => {
    const stage = await rig.open({ ackTimeout: 5_000 });
    const pair = await stage.pair();
    answering(pair, { echoed: 1 }, "more");
    const stream = streamOf(pair.socket.emitWithAck("q", 1));

    expect(await stream.all()).toEqual([
      { socketId: pair.socket.id, ok: true, value: { echoed: 1 }, args: [{ echoed: 1 }, "more"] },
    ]);
    expect(await stream).toEqual({ echoed: 1 });
  });

  itIsBetterHere("fails when the default timeout is over", async () => {
    const clock = new LeapingClock();
    const stage = await rig.open({ ackTimeout: 5_000, clock });
    const { client, socket } = await stage.pair();
    const heard = hears(client);
    const stream = streamOf(socket.emitWithAck("q", 1));
    await heard;
    clock.leap(5_001);

    await expect(stream).rejects.toThrow(AckTimeoutError);
    await expect(stream).rejects.toThrow("operation has timed out");
    expect(socket.acks.size).toBe(0);
  });

  itIsBetterHere("prefers a timeout of its own", async () => {
    const clock = new LeapingClock();
    const stage = await rig.open({ ackTimeout: 5_000, clock });
    const { client, socket } = await stage.pair();
    const heard = hears(client);
    const stream = streamOf(socket.timeout(20).emitWithAck("q"));
    await heard;
    clock.leap(21);

    expect(await stream.all()).toEqual([{ socketId: socket.id, ok: false, error: expect.any(AckTimeoutError) }]);
  });

  itIsBetterHere("fails at once when the client leaves before it answers", async () => {
    const stage = await rig.open();
    const { client, socket } = await stage.pair();
    const answer = streamOf(socket.timeout(5_000).emitWithAck("q")).first();
    await hears(client);
    client.disconnect();

    expect(await within(answer, "the failure")).toEqual({
      socketId: socket.id,
      ok: false,
      error: expect.any(AckDisconnectedError),
    });
    expect(socket.acks.size).toBe(0);
  });

  itIsBetterHere("gives back what a closed socket could not send", async () => {
    const stage = await rig.open();
    const { client, socket } = await stage.pair();
    const gone = nextEvent(socket, "disconnect");
    client.disconnect();
    await gone;
    const error: unknown = await socket.emitWithAck("q", 1, { two: 2 }).catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(SendError);
    expect(error).toMatchObject({ code: "SOCKET_CLOSED", event: "q", args: [1, { two: 2 }] });
    expect(socket.acks.size).toBe(0);
  });

  itIsBetterHere("fails at once for what cannot be encoded, and the socket stays usable", async () => {
    const stage = await rig.open();
    const pair = await stage.pair();
    answering(pair, "answer");
    const error: unknown = await pair.socket.emitWithAck("q", 1n).catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(EncodeError);
    expect(error).toMatchObject({ code: "SOCKET_ENCODE", event: "q", args: [1n] });
    expect(pair.socket.acks.size).toBe(0);
    expect(await pair.socket.emitWithAck("q")).toBe("answer");
  });

  itIsBetterHere("reads the answer by a decoder, which may refuse it", async () => {
    const stage = await rig.open();
    const pair = await stage.pair();
    const asNumber = pair.socket.timeout(3_000).decode((value) => {
      if (typeof value !== "number") throw new TypeError("not a number");
      return value * 2;
    });
    answering(pair, 21);
    expect(await asNumber.emitWithAck("q")).toBe(42);

    pair.client.removeAllListeners("q");
    answering(pair, "21");
    const error: unknown = await asNumber.emitWithAck("q").catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AckDecodeError);
    expect(error).toMatchObject({ code: "SOCKET_ACK_DECODE", cause: new TypeError("not a number") });
  });
});

describeEveryClient("emitWithAck to many", (rig) => {
  itIsBetterHere("streams the answers of room1 and room3 without room2", async () => {
    const stage = await rig.open();
    const [sender, one, two, three, both] = await pairs(stage, 5);
    const members = { one, two, three, both } as Record<string, Pair>;
    void one?.socket.join("room1");
    void two?.socket.join(["room1", "room2"]);
    void three?.socket.join("room3");
    void both?.socket.join(["room1", "room3"]);
    for (const [name, pair] of Object.entries(members)) answering(pair, `from ${name}`);
    const stream = streamOf(
      sender?.socket
        .to("room1")
        .to("room3")
        .except("room2")
        .emitWithAck("q", [1, { text: "hi" }], Buffer.from([2])),
    );
    const sockets = Object.fromEntries(Object.entries(members).map(([name, { socket }]) => [name, socket]));

    expect(byName(await collect(stream), sockets)).toEqual([
      ["both", "from both"],
      ["one", "from one"],
      ["three", "from three"],
    ]);
    expect(pendingAcks(stage.io)).toBe(0);
  });

  itIsBetterHere("yields each answer as soon as it is there", async () => {
    const stage = await rig.open();
    const [quick, slow] = await pairs(stage, 2);
    answering(quick as Pair, "quick");
    const reading = streamOf(stage.io.timeout(5_000).emitWithAck("q"))[Symbol.asyncIterator]();
    const heard = hears((slow as Pair).client);
    const seen: unknown[] = [];
    for await (const { socketId } of reading) {
      seen.push(socketId);
      const [reply] = seen.length === 1 ? await heard : [];
      (reply as Reply | undefined)?.("slow");
    }

    expect(seen).toEqual([quick?.socket.id, slow?.socket.id]);
  });

  itIsBetterHere("ends its own entry only for a client that leaves, and for one that is silent", async () => {
    const clock = new LeapingClock();
    const stage = await rig.open({ clock });
    const [answers, leaves, silent] = (await pairs(stage, 3)) as [Pair, Pair, Pair];
    answering(answers, "here");
    const results = collect(streamOf(stage.io.timeout(5_000).emitWithAck("q")));
    await Promise.all([hears(leaves.client), hears(silent.client)]);
    await until(() => answers.socket.acks.size === 0, "the answer has come");
    leaves.client.disconnect();
    await until(() => !leaves.socket.connected, "the client has left");
    clock.leap(5_001);
    const sockets = { answers: answers.socket, leaves: leaves.socket, silent: silent.socket };

    expect(byName(await results, sockets)).toEqual([
      ["answers", "here"],
      ["leaves", expect.any(AckDisconnectedError)],
      ["silent", expect.any(AckTimeoutError)],
    ]);
    expect(pendingAcks(stage.io)).toBe(0);
  });

  itIsBetterHere("gives the awaited answers of the others when a client leaves", async () => {
    const stage = await rig.open();
    const [answers, leaves] = (await pairs(stage, 2)) as [Pair, Pair];
    answering(answers, "here");
    const heard = hears(leaves.client);
    const awaited = streamOf(stage.io.timeout(5_000).emitWithAck("q"));
    const settled = awaited.then((responses) => responses);
    await heard;
    leaves.client.disconnect();

    expect(await within(settled, "the answers")).toEqual(["here"]);
  });

  itIsBetterHere("tells an awaited timeout who has answered and who has not", async () => {
    const clock = new LeapingClock();
    const stage = await rig.open({ clock });
    const [answers, silent] = (await pairs(stage, 2)) as [Pair, Pair];
    answering(answers, "here");
    const heard = hears(silent.client);
    const settled = streamOf(stage.io.timeout(5_000).emitWithAck("q")).catch((reason: unknown) => reason);
    await heard;
    await until(() => answers.socket.acks.size === 0, "the answer has come");
    clock.leap(5_001);

    expect(await settled).toMatchObject({
      message: "operation has timed out",
      responses: ["here"],
      results: [
        { socketId: answers.socket.id, ok: true, value: "here" },
        { socketId: silent.socket.id, ok: false, error: expect.any(AckTimeoutError) },
      ],
    });
  });

  itIsBetterHere("frees what is pending when the loop is left", async () => {
    const stage = await rig.open();
    const [quick, ...silent] = (await pairs(stage, 3)) as [Pair, Pair, Pair];
    answering(quick, "quick");
    const reading = streamOf(stage.io.timeout(5_000).emitWithAck("q"))[Symbol.asyncIterator]();
    const heard = Promise.all(silent.map(({ client }) => hears(client)));
    for await (const result of reading) {
      expect(result).toMatchObject({ socketId: quick.socket.id, ok: true });
      break;
    }
    expect(pendingAcks(stage.io)).toBe(0);

    const late = nextEvent(quick.socket, "fence");
    for (const [reply] of await heard) (reply as Reply)("late");
    quick.client.emit("fence");
    await late;
    expect(pendingAcks(stage.io)).toBe(0);
  });

  itIsBetterHere("gives the first answer alone", async () => {
    const stage = await rig.open();
    const [quick, silent] = (await pairs(stage, 2)) as [Pair, Pair];
    answering(quick, "quick");
    const answer = streamOf(stage.io.timeout(5_000).emitWithAck("q")).first();
    await hears(silent.client);
    const first = await answer;

    expect(first).toEqual({ socketId: quick.socket.id, ok: true, value: "quick", args: ["quick"] });
    expect(pendingAcks(stage.io)).toBe(0);
  });

  itIsBetterHere("gives all results and never rejects", async () => {
    const stage = await rig.open();
    const [good, bad] = (await pairs(stage, 2)) as [Pair, Pair];
    answering(good, 1);
    answering(bad, "one");
    const numbers = stage.io.timeout(3_000).decode((value) => {
      if (typeof value !== "number") throw new TypeError("not a number");
      return value;
    });
    const results = await streamOf(numbers.emitWithAck("q")).all();
    const refused = await streamOf(stage.io.emitWithAck("q", 1n)).all();

    expect(byName(results, { bad: bad.socket, good: good.socket })).toEqual([
      ["bad", expect.any(AckDecodeError)],
      ["good", 1],
    ]);
    expect(refused).toEqual([{ socketId: undefined, ok: false, error: expect.any(EncodeError) }]);
  });

  itIsBetterHere("rejects at once for what cannot be encoded", async () => {
    const stage = await rig.open();
    await stage.pair();
    const error: unknown = await stage.io
      .timeout(5_000)
      .emitWithAck("q", 1n)
      .catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(EncodeError);
    expect(pendingAcks(stage.io)).toBe(0);
  });

  itIsBetterHere("comes from a namespace and from the server, without a timeout", async () => {
    const stage = await rig.open();
    const pair = await stage.pair();
    answering(pair, "here");

    expect(await stage.io.of("/").emitWithAck("q")).toEqual(["here"]);
    expect(await stage.io.emitWithAck("q")).toEqual(["here"]);
    expect(await stage.io.to("nobody").emitWithAck("q")).toEqual([]);
    expect(pendingAcks(stage.io)).toBe(0);
  });
});
