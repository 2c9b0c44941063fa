import { SessionAwareAdapter } from "socket.io-adapter";
import { itIsBetterHere } from "../support/better-here.js";
import { connect, departure } from "../support/joining.js";
import type { ServerOptions, Socket } from "../support/peer.js";
import type { Frame, RawWebSocket } from "../support/raw-websocket.js";
import { useStages, type Stage } from "../support/stage.js";

const openStage = useStages();

/** Past CONNECT. */
interface Visit {
  readonly client: RawWebSocket;
  readonly sid: string;
  readonly pid: string;
  /** Frames that came before CONNECT. */
  readonly missed: Frame[];
}

async function open(recovery: ServerOptions["connectionStateRecovery"] = {}): Promise<Stage> {
  return openStage({ connectionStateRecovery: recovery });
}

async function visit(stage: Stage, auth?: object): Promise<Visit> {
  const client = await connect(stage);
  client.send(`40${auth === undefined ? "" : JSON.stringify(auth)}`);
  const missed: Frame[] = [];
  for (let frame = await client.next(); ; frame = await client.next()) {
    if (typeof frame === "string" && frame.startsWith("40")) return { client, missed, ...secrets(frame) };
    missed.push(frame);
  }
}

function secrets(connectFrame: string): { sid: string; pid: string } {
  return JSON.parse(connectFrame.slice(2)) as { sid: string; pid: string };
}

function socketOf(stage: Stage, { sid }: Visit): Socket {
  const socket = stage.io.of("/").sockets.get(sid);
  if (socket === undefined) throw new Error("the server does not have the socket");
  return socket;
}

/** The arguments of an event frame, and what follows them. */
function split(frame: Frame | undefined): { event: unknown[]; offset: string } {
  const event = JSON.parse(String(frame).replace(/^\d+-?/, "")) as unknown[];
  return { event, offset: String(event.pop()) };
}

/** What the client would come back with after it has received an event. */
async function claimOf(stage: Stage, guest: Visit): Promise<{ pid: string; offset: string }> {
  socketOf(stage, guest).emit("read");
  return { pid: guest.pid, offset: split(await guest.client.next()).offset };
}

async function lose(stage: Stage, guest: Visit): Promise<void> {
  const gone = departure(socketOf(stage, guest));
  guest.client.close();
  await gone;
}

describe("A10, connection state recovery", () => {
  it("Trigger: CONNECT with pid and offset brings the session back", async () => {
    const stage = await open();
    const guest = await visit(stage);
    const claim = await claimOf(stage, guest);
    await lose(stage, guest);
    const again = await visit(stage, claim);

    expect([again.sid, again.pid]).toEqual([guest.sid, guest.pid]);
  });

  it.each<[what: string, change: object]>([
    ["an unknown pid", { pid: "unknown" }],
    ["an unknown offset", { offset: "unknown" }],
    ["a pid that is a number", { pid: 7 }],
    ["a pid that is __proto__", { pid: "__proto__" }],
    ["an offset that is a number", { offset: 7 }],
    ["an offset that is a list", { offset: ["a"] }],
  ])("Trigger: %s makes a new session", async (_what, change) => {
    const stage = await open();
    const guest = await visit(stage);
    const claim = await claimOf(stage, guest);
    await lose(stage, guest);
    const again = await visit(stage, { ...claim, ...change });

    expect(again.sid).not.toBe(guest.sid);
    expect(again.pid).not.toBe(guest.pid);
    expect(socketOf(stage, again).recovered).toBe(false);
  });

  it("Offsets: stand after the arguments of emits and broadcasts, without and with attachments", async () => {
    const stage = await open();
    const guest = await visit(stage);
    const socket = socketOf(stage, guest);
    socket.emit("direct", 1);
    stage.io.emit("all");
    stage.io.to(socket.id).emit("bytes", Buffer.from("x"));
    const frames = await guest.client.take(4);

    expect(frames.slice(0, 3).map((frame) => split(frame).event)).toEqual([
      ["direct", 1],
      ["all"],
      ["bytes", { _placeholder: true, num: 0 }],
    ]);
    expect(new Set(frames.slice(0, 3).map((frame) => split(frame).offset)).size).toBe(3);
  });

  it("Offsets: are not with volatile events and those that ask for an answer", async () => {
    const stage = await open();
    const guest = await visit(stage);
    const socket = socketOf(stage, guest);
    socket.volatile.emit("volatile", 1);
    const [volatile] = await guest.client.take(1);
    socket.emit("ask", 2, () => undefined);
    stage.io.timeout(1_000).emit("ask", 3, () => undefined);

    expect([volatile, ...(await guest.client.take(2))]).toEqual(['42["volatile",1]', '420["ask",2]', '421["ask",3]']);
  });

  it("Missed packets: those for its rooms come after the offset and before CONNECT", async () => {
    const stage = await open();
    const guest = await visit(stage);
    await socketOf(stage, guest).join("room");
    const claim = await claimOf(stage, guest);
    await lose(stage, guest);
    stage.io.to("room").emit("a", 1);
    stage.io.to("elsewhere").emit("b", 2);
    stage.io.emit("c", Buffer.from("x"));
    const [first, second, ...others] = (await visit(stage, claim)).missed;

    expect([split(first).event, split(second).event]).toEqual([
      ["a", 1],
      ["c", { _placeholder: true, num: 0 }],
    ]);
    expect(others).toEqual([Buffer.from("x")]);
  });

  itIsBetterHere("First packet needed: is not, a client that has received nothing comes back", async () => {
    const stage = await open();
    const guest = await visit(stage);
    await lose(stage, guest);
    stage.io.emit("missed");
    const again = await visit(stage, { pid: guest.pid });

    expect(again.sid).toBe(guest.sid);
    expect(again.missed.map((frame) => split(frame).event)).toEqual([["missed"]]);
  });

  it("socket.recovered: is true, with the same id, rooms and data", async () => {
    const stage = await open();
    const guest = await visit(stage);
    const socket = socketOf(stage, guest);
    await socket.join("room");
    socket.data = { name: "Ada" };
    const claim = await claimOf(stage, guest);
    await lose(stage, guest);
    const again = socketOf(stage, await visit(stage, claim));

    expect([again.recovered, again.id, [...again.rooms].sort(), again.data]).toEqual([
      true,
      guest.sid,
      [guest.sid, "room"].sort(),
      { name: "Ada" },
    ]);
  });

  itIsBetterHere("Middlewares: run again, before anything that was missed is sent", async () => {
    const stage = await open();
    const guest = await visit(stage);
    const claim = await claimOf(stage, guest);
    await lose(stage, guest);
    stage.io.emit("missed");
    stage.io.use((_socket, next) => {
      next(new Error("token expired"));
    });
    const client = await connect(stage);
    client.send(`40${JSON.stringify(claim)}`);

    expect(await client.next()).toBe('44{"message":"token expired"}');
  });

  it("Middlewares: are skipped with skipMiddlewares", async () => {
    const stage = await open({ skipMiddlewares: true });
    const guest = await visit(stage);
    const claim = await claimOf(stage, guest);
    await lose(stage, guest);
    stage.io.use((_socket, next) => {
      next(new Error("token expired"));
    });

    expect((await visit(stage, claim)).sid).toBe(guest.sid);
  });

  itIsBetterHere("Storage: is bounded, and what is dropped is not recoverable", async () => {
    const stage = await open({ maxLogPackets: 10 });
    const guest = await visit(stage);
    const claim = await claimOf(stage, guest);
    await lose(stage, guest);
    for (let index = 0; index < 11; index += 1) stage.io.emit("flood", index);

    expect((await visit(stage, claim)).sid).not.toBe(guest.sid);
  });

  it("Adapters: one that keeps sessions itself does so, unmodified", async () => {
    const recovery = { maxDisconnectionDuration: 60_000 };
    const stage = await openStage({ connectionStateRecovery: recovery, adapter: SessionAwareAdapter });
    const guest = await visit(stage);
    const claim = await claimOf(stage, guest);
    await lose(stage, guest);
    stage.io.emit("missed");
    const again = await visit(stage, claim);

    expect(again.sid).toBe(guest.sid);
    expect(again.missed.map((frame) => split(frame).event)).toEqual([["missed"]]);
  });

  itIsBetterHere("Defect: a session is restored once", async () => {
    const stage = await open();
    const guest = await visit(stage);
    const claim = await claimOf(stage, guest);
    await lose(stage, guest);
    const first = await visit(stage, claim);
    const second = await visit(stage, claim);

    expect(first.sid).toBe(guest.sid);
    expect(second.sid).not.toBe(guest.sid);
    expect([...stage.io.of("/").sockets.keys()]).toEqual([second.sid]);
    await first.client.closeCode();
  });

  const RECOVERABLE: readonly [reason: string, act: (stage: Stage, guest: Visit) => void][] = [
    ["transport close", (_stage, { client }) => client.close()],
    ["transport error", (_stage, { client }) => client.send("2")],
    ["forced close", (_stage, { client }) => client.send("4not a packet")],
  ];
  const FINAL: typeof RECOVERABLE = [
    ["parse error", (_stage, { client }) => client.send("abc")],
    ["client namespace disconnect", (_stage, { client }) => client.send("41")],
    ["server namespace disconnect", (stage, guest) => socketOf(stage, guest).disconnect()],
  ];

  for (const [reasons, isRecoverable] of [
    [RECOVERABLE, true],
    [FINAL, false],
  ] as const) {
    it.each(reasons)(`A9: %s ${isRecoverable ? "leaves a session" : "leaves none"}`, async (reason, act) => {
      const stage = await open();
      const guest = await visit(stage);
      const claim = await claimOf(stage, guest);
      const gone = departure(socketOf(stage, guest));
      act(stage, guest);

      expect((await gone)[0]).toBe(reason);
      expect((await visit(stage, claim)).sid === guest.sid).toBe(isRecoverable);
    });
  }
});
