import { setImmediate as nextTurn } from "node:timers/promises";
import { itWorksBothWays, type End } from "../support/both-ways.js";
import { itIsBetterHere } from "../support/better-here.js";
import { describeEveryClient } from "../support/clients.js";
import { deferred, nextEvent, within } from "../support/waiting.js";

type Answer = (...args: unknown[]) => void;

/** Sends `event` and waits for the arguments of its acknowledgement. */
function ask(from: End, event: string, ...args: unknown[]): Promise<unknown[]> {
  const { promise, resolve } = deferred<unknown[]>();
  from.emit(event, ...args, (...answer: unknown[]) => resolve(answer));
  return within(promise, `the answer to "${event}"`);
}

describeEveryClient("acknowledgements", (rig) => {
  itWorksBothWays(rig, "are called with one argument", async (from, to) => {
    to.on("update item", (id, change, answer) => (answer as Answer)({ id, change, status: "ok" }));

    expect(await ask(from, "update item", "1", { name: "updated" })).toEqual([
      { id: "1", change: { name: "updated" }, status: "ok" },
    ]);
  });

  itWorksBothWays(rig, "are called with several arguments", async (from, to) => {
    to.on("q", (answer) => (answer as Answer)(null, "two", { 3: [4] }, true));

    expect(await ask(from, "q")).toEqual([null, "two", { 3: [4] }, true]);
  });

  itWorksBothWays(rig, "are called without arguments", async (from, to) => {
    to.on("q", (answer) => (answer as Answer)());

    expect(await ask(from, "q")).toEqual([]);
  });

  itWorksBothWays(rig, "are called once however often the other end answers", async (from, to) => {
    to.on("q", (answer) => {
      (answer as Answer)("first");
      (answer as Answer)("second");
      to.emit("fence");
    });
    const answers: unknown[] = [];
    const fence = nextEvent(from, "fence");
    from.emit("q", (answer: unknown) => answers.push(answer));
    await fence;

    expect(answers).toEqual(["first"]);
  });

  itWorksBothWays(rig, "find their own question when answered in another order", async (from, to) => {
    const waiting: (() => void)[] = [];
    to.on("q", (n, answer) => {
      waiting.unshift(() => (answer as Answer)(n));
      if (waiting.length === 20) for (const reply of waiting) reply();
    });
    const questions = Array.from({ length: 20 }, (_, n) => ask(from, "q", n));

    expect(await Promise.all(questions)).toEqual(Array.from({ length: 20 }, (_, n) => [n]));
  });

  itWorksBothWays(rig, "carry large text", async (from, to) => {
    const large = (rig.takesUnicode ? "é" : "e").repeat(100_000);
    to.on("q", (text, answer) => (answer as Answer)(text));

    expect(await ask(from, "q", large)).toEqual([large]);
  });

  itWorksBothWays(rig, "give a handler no callback when none was asked for", async (from, to) => {
    const arrived = nextEvent(to, "q");
    from.emit("q", 1);

    expect(await arrived).toEqual([1]);
  });

  itWorksBothWays(rig, "work in answer to an event that was asked from inside an answer", async (from, to) => {
    to.on("outer", (answer) => {
      to.emit("inner", (inner: unknown) => (answer as Answer)([inner]));
    });
    from.on("inner", (answer) => (answer as Answer)("inner"));

    expect(await ask(from, "outer")).toEqual([["inner"]]);
  });

  it("answer send on both ends", async () => {
    const stage = await rig.open();
    const { client, socket } = await stage.pair();
    client.on("message", (text, answer) => answer(`client heard ${text}`));
    socket.on("message", (text, answer) => answer(`server heard ${text}`));
    const fromClient = new Promise((resolve) => socket.send("a", resolve));
    const fromServer = new Promise((resolve) => client.send("b", resolve));

    expect(await fromClient).toBe("client heard a");
    expect(await fromServer).toBe("server heard b");
  });

  it("reach the server within the timeout it gave", async () => {
    const stage = await rig.open();
    const { client, socket } = await stage.pair();
    client.on("q", (n, answer) => answer(n, "more"));
    const answer = await new Promise((resolve) => {
      socket.timeout(3_000).emit("q", 1, (...args: unknown[]) => resolve(args));
    });

    expect(answer).toEqual([null, 1, "more"]);
  });

  it("give the server an error when the client does not answer in time, and drop what comes late", async () => {
    const stage = await rig.open();
    const { client, socket } = await stage.pair();
    let answerLate: Answer | undefined;
    client.on("q", (answer: Answer) => (answerLate = answer));
    const asked = nextEvent(client, "q");
    const calls: unknown[][] = [];
    const { promise: timedOut, resolve } = deferred<unknown>();
    socket.timeout(50).emit("q", (...args: unknown[]) => {
      calls.push(args);
      resolve(args[0]);
    });
    await asked;
    const error = await timedOut;
    const fence = nextEvent(socket, "fence");
    answerLate?.("too late");
    client.emit("fence");
    await fence;

    expect(error).toBeInstanceOf(Error);
    expect(error).toHaveProperty("message", "operation has timed out");
    expect(calls).toEqual([[error]]);
  });

  it("are awaited by the server with emitWithAck", async () => {
    const stage = await rig.open();
    const { client, socket } = await stage.pair();
    client.on("q", (a, b, answer) => answer([a, b], "not kept"));

    expect(await socket.emitWithAck("q", 1, { two: 2 })).toEqual([1, { two: 2 }]);
    expect(await socket.timeout(3_000).emitWithAck("q", 1, 2)).toEqual([1, 2]);
  });

  it("reject emitWithAck on the server when the client does not answer in time", async () => {
    const stage = await rig.open();
    const { socket } = await stage.pair();

    await expect(socket.timeout(20).emitWithAck("q")).rejects.toThrow("operation has timed out");
  });

  it("leave the timeout of one emit out of the next", async () => {
    const stage = await rig.open();
    const { client, socket } = await stage.pair();
    client.on("q", (answer) => answer("answer"));
    const withTimeout = new Promise((resolve) => {
      socket.timeout(3_000).emit("q", (...args: unknown[]) => resolve(args));
    });
    const without = ask(socket, "q");

    expect(await withTimeout).toEqual([null, "answer"]);
    expect(await without).toEqual(["answer"]);
  });

  itIsBetterHere("keeps a timeout on the operator that timeout() returned", async () => {
    const stage = await rig.open();
    const { client, socket } = await stage.pair();
    client.on("plain", (answer) => answer("plain"));
    client.on("timed", (answer) => answer("timed"));
    const timed = socket.timeout(3_000);
    const plain = ask(socket, "plain");
    const { promise, resolve } = deferred<unknown[]>();
    timed.emit("timed", (...args: unknown[]) => resolve(args));

    expect(await plain).toEqual(["plain"]);
    expect(await within(promise, "the answer with a timeout")).toEqual([null, "timed"]);
  });

  itIsBetterHere("rejects emitWithAck at once when the client goes", async () => {
    const stage = await rig.open();
    const { client, socket } = await stage.pair();
    const asked = nextEvent(client, "q");
    const answer = socket.emitWithAck("q").then(
      () => "answered",
      () => "rejected",
    );
    await asked;
    const gone = nextEvent(socket, "disconnect");
    client.disconnect();
    await gone;

    expect(await Promise.race([answer, nextTurn("still pending")])).toBe("rejected");
  });
});

describeEveryClient(
  "acknowledgements with a timeout on the client",
  (rig) => {
    it("reach the client within the timeout it gave", async () => {
      const stage = await rig.open();
      const { client, socket } = await stage.pair();
      socket.on("q", (n, answer) => answer(n, "more"));
      const answer = await new Promise((resolve) => {
        client.timeout(3_000).emit("q", 1, (...args: unknown[]) => resolve(args));
      });

      expect(answer).toEqual([null, 1, "more"]);
    });

    it("give the client an error when the server does not answer in time", async () => {
      const stage = await rig.open();
      const { client, socket } = await stage.pair();
      const asked = nextEvent(socket, "q");
      const error = await new Promise((resolve) => client.timeout(50).emit("q", resolve));
      await asked;

      expect(error).toHaveProperty("message", "operation has timed out");
    });

    it("are awaited by the client with emitWithAck", async () => {
      const stage = await rig.open();
      const { client, socket } = await stage.pair();
      socket.on("q", (a, b, answer) => answer([a, b], "not kept"));

      expect(await client.emitWithAck("q", 1, { two: 2 })).toEqual([1, { two: 2 }]);
      expect(await client.timeout(3_000).emitWithAck("q", 1, 2)).toEqual([1, 2]);
      await expect(client.timeout(20).emitWithAck("unheard")).rejects.toThrow("operation has timed out");
    });
  },
  { since: 4 },
);
