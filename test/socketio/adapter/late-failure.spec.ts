import { setImmediate as nextTurn } from "node:timers/promises";
import { Adapter } from "socket.io-adapter";
import { SocketStage } from "../../support/socket-stage.js";

const FAILURE = new TypeError("the line is cut");

/** What a cluster's adapters send to other servers; the base class declares that nothing comes back. */
const SENDING = ["serverCount", "broadcast", "addSockets", "delSockets", "disconnectSockets", "serverSideEmit"];

/** An adapter of a cluster that has lost its connection, as far as its caller can see. */
class CutOffAdapter extends Adapter {
  static broadcasts = 0;

  constructor(namespace: unknown) {
    super(namespace);
    const failures = SENDING.map((method) => [method, async () => CutOffAdapter.fail(method)] as const);
    Object.assign(this, Object.fromEntries(failures));
  }

  static async fail(method: string): Promise<never> {
    if (method === "broadcast") CutOffAdapter.broadcasts += 1;
    return Promise.reject(FAILURE);
  }
}

describe("what an adapter rejects with later", () => {
  it.each<[name: string, act: (stage: SocketStage) => unknown]>([
    ["a broadcast", ({ io }) => io.emit("say", 1)],
    ["socketsJoin", ({ io }) => io.socketsJoin("x")],
    ["socketsLeave", ({ io }) => io.socketsLeave("x")],
    ["disconnectSockets", ({ io }) => io.disconnectSockets()],
    ["serverSideEmit", ({ io }) => io.serverSideEmit("sync")],
  ])("is logged after %s, and not thrown", async (_, act) => {
    const stage = new SocketStage({ adapter: CutOffAdapter });
    act(stage);
    await nextTurn();

    expect(stage.log.lines).toEqual(["error an adapter failed"]);
    expect(stage.log.errors).toEqual([FAILURE]);
  });

  it("leaves acknowledgements to the sockets of this server", async () => {
    const stage = new SocketStage({ adapter: CutOffAdapter });
    const client = stage.join();
    const answers = stage.io.emitWithAck("ask");
    await nextTurn();
    client.send('430["yes"]');

    expect(await answers).toEqual(["yes"]);
    expect(stage.log.lines).toEqual(["warn an adapter does not know how many servers there are: one is taken"]);
  });
});

describe("an adapter that knows of other servers", () => {
  it("gets no packet that cannot be encoded: there it would throw where nobody catches", () => {
    CutOffAdapter.broadcasts = 0;
    const { io } = new SocketStage({ adapter: CutOffAdapter });

    expect(() => io.emit("say", 1n)).toThrow(expect.objectContaining({ code: "SOCKET_ENCODE" }) as Error);
    expect(() => io.timeout(10).emit("say", 1n, () => undefined)).toThrow(
      expect.objectContaining({ code: "SOCKET_ENCODE" }) as Error,
    );
    expect(CutOffAdapter.broadcasts).toBe(0);
  });
});
