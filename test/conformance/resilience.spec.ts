import { silentLogger } from "rookery/core";
import { itIsBetterHere } from "../support/better-here.js";
import type { Socket } from "../support/peer.js";
import { RawWebSocket } from "../support/raw-websocket.js";
import { useStages, type Stage } from "../support/stage.js";

const openStage = useStages();
const open = (): Promise<Stage> => openStage({ logger: silentLogger });

class Mishap extends Error {}

function fail(): never {
  throw new Mishap("secret detail");
}

/** An async function, whose type does not say so: what users pass by mistake. */
function reject(): unknown {
  return Promise.reject(new Mishap("secret detail"));
}

/** Whether the client gets the answer to a question that it asks after `frames`. */
async function survives(stage: Stage, ...frames: string[]): Promise<void> {
  stage.io.on("connection", (socket: Socket) => {
    socket.on("q", (answer: (arg: unknown) => void) => {
      answer("ok");
    });
  });
  const client = await RawWebSocket.join(stage);
  client.send(...frames, '421["q"]');

  expect(await client.next()).toBe('431["ok"]');
}

/** What a client hears that tries to join. */
async function connectAnswer(stage: Stage): Promise<string> {
  const client = await RawWebSocket.open(stage);
  await client.next();
  client.send("40");
  return String(await client.next());
}

describe("user code", () => {
  itIsBetterHere("that throws in a listener harms nobody", async () => {
    const stage = await open();
    stage.io.on("connection", (socket: Socket) => socket.on("boom", fail));
    await survives(stage, '42["boom"]');
  });

  itIsBetterHere("that rejects in a listener harms nobody", async () => {
    const stage = await open();
    stage.io.on("connection", (socket: Socket) => socket.on("boom", reject));
    await survives(stage, '42["boom"]');
  });

  itIsBetterHere("that throws in the connection listener harms nobody", async () => {
    const stage = await open();
    stage.io.on("connection", fail);
    await survives(stage);
  });

  itIsBetterHere("that throws in a socket's middleware harms nobody", async () => {
    const stage = await open();
    stage.io.on("connection", (socket: Socket) => {
      socket.use(([name], next) => {
        if (name === "boom") fail();
        next();
      });
    });
    await survives(stage, '42["boom"]');
  });

  itIsBetterHere("that throws in a namespace's middleware refuses the client and tells it nothing", async () => {
    const stage = await open();
    stage.io.use(fail);
    const answer = await connectAnswer(stage);

    expect(answer).toMatch(/^44\{"message":"/);
    expect(answer).not.toContain("secret detail");
  });

  itIsBetterHere("that rejects in a namespace's middleware refuses the client and tells it nothing", async () => {
    const stage = await open();
    stage.io.use(reject);
    const answer = await connectAnswer(stage);

    expect(answer).toMatch(/^44\{"message":"/);
    expect(answer).not.toContain("secret detail");
  });

  itIsBetterHere("that refuses a client with data which cannot be encoded still refuses it", async () => {
    const stage = await open();
    const data: Record<string, unknown> = {};
    data.self = data;
    stage.io.use((_socket, next) => {
      next(Object.assign(new Mishap("no entry"), { data }));
    });

    expect(await connectAnswer(stage)).toMatch(/^44\{"message":"no entry"/);
  });

  itIsBetterHere("that calls next twice lets the client in once", async () => {
    const stage = await open();
    stage.io.use((_socket, next) => {
      next();
      next();
    });
    await survives(stage);
  });
});

describe("a client", () => {
  itIsBetterHere("cannot join a namespace again while it is being let in", async () => {
    const stage = await open();
    let connections = 0;
    stage.io.use((_socket, next) => {
      setImmediate(next);
    });
    stage.io.on("connection", () => (connections += 1));
    const client = await RawWebSocket.open(stage);
    await client.next();
    client.send("40", "40", "40");
    const first = await client.next().catch(() => "closed");
    const second = await client.next().catch(() => "closed");

    expect([first, second]).toContain("closed");
    expect(connections).toBeLessThan(2);
  });
});
