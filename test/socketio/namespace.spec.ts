import { Adapter } from "socket.io-adapter";
import type { Namespace } from "../../src/core.js";
import type { RecordingLogger } from "../support/recording-logger.js";
import { SocketStage } from "../support/socket-stage.js";

describe("a namespace", () => {
  it("knows its connected sockets by id", () => {
    const stage = new SocketStage();
    const chat = stage.io.of("/chat");
    const { socket, transport } = stage.join("/chat");
    expect([...chat.sockets]).toEqual([[socket.id, socket]]);

    transport.lose();
    expect(chat.sockets.size).toBe(0);
  });

  it("numbers its acknowledgements, those of broadcasts among them", () => {
    const stage = new SocketStage();
    const { socket, transport } = stage.join();
    socket.emit("a", () => undefined);
    stage.io.emit("b", () => undefined);
    socket.emit("c", () => undefined);

    expect(transport.frames).toEqual(['420["a"]', '421["b"]', '422["c"]']);
  });

  it("has its own numbers", () => {
    const stage = new SocketStage();
    const client = stage.connect();
    const [main, chat] = [client.join(), client.join("/chat")];
    main.emit("a", () => undefined);
    chat.emit("b", () => undefined);

    expect(client.take()).toEqual(['420["a"]', '42/chat,0["b"]']);
  });
});

describe("emitting to the other servers", () => {
  class ClusterAdapter extends Adapter {
    static sent: unknown[][] = [];

    override serverSideEmit(packet: unknown[]): void {
      ClusterAdapter.sent.push(packet);
    }
  }

  it("is the adapter's", () => {
    ClusterAdapter.sent = [];
    const { io } = new SocketStage({ adapter: ClusterAdapter });
    const ack = jest.fn();
    io.serverSideEmit("sync", 1, ack);

    expect(ClusterAdapter.sent).toEqual([["sync", 1, expect.any(Function)]]);
    (ClusterAdapter.sent[0]?.[2] as typeof ack)(null, ["there"]);
    expect(ack.mock.calls).toEqual([[null, ["there"]]]);
  });

  it("is answered after a minute where the adapter has lost it, once", async () => {
    ClusterAdapter.sent = [];
    const { io, clock } = new SocketStage({ adapter: ClusterAdapter });
    const ack = jest.fn();
    io.serverSideEmit("sync", ack);
    const refused = expect(io.serverSideEmitWithAck("sync")).rejects.toMatchObject({
      code: "SOCKET_ACK_TIMEOUT",
      responses: [],
    });
    clock.advance(59_999);
    expect(ack).not.toHaveBeenCalled();
    clock.advance(1);
    (ClusterAdapter.sent[0]?.[1] as typeof ack)(null, ["too late"]);

    expect(ack.mock.calls).toEqual([[expect.objectContaining({ code: "SOCKET_ACK_TIMEOUT" }), []]]);
    await refused;
  });

  it("waits as long as ackTimeout says, and keeps no timer when it is answered", () => {
    ClusterAdapter.sent = [];
    const { io, clock } = new SocketStage({ adapter: ClusterAdapter, ackTimeout: 500 });
    const ack = jest.fn();
    io.serverSideEmit("sync", ack);
    (ClusterAdapter.sent[0]?.[1] as typeof ack)(null, []);
    expect(clock.pendingTimers).toBe(0);
    io.serverSideEmit("sync", ack);
    clock.advance(500);

    expect(ack.mock.calls).toEqual([
      [null, []],
      [expect.objectContaining({ code: "SOCKET_ACK_TIMEOUT" }), []],
    ]);
  });

  it("tells who still waits when the server closes", async () => {
    const { io } = new SocketStage({ adapter: ClusterAdapter });
    const answers = expect(io.serverSideEmitWithAck("sync")).rejects.toMatchObject({ responses: [] });
    await io.close();
    await answers;
  });

  it("is answered at once when there are none", async () => {
    const { io } = new SocketStage();
    const ack = jest.fn();
    io.of("/chat").serverSideEmit("sync", 1, ack);

    expect(ack.mock.calls).toEqual([[null, []]]);
    expect(await io.serverSideEmitWithAck("sync", 1)).toEqual([]);
  });

  it.each(["connect", "connection", "new_namespace"])(
    "is refused for %s, which would look like an event of the namespace",
    (event) => {
      const { io } = new SocketStage();

      expect(() => io.serverSideEmit(event)).toThrow(`"${event}" is a reserved event name`);
    },
  );

  it("is heard by the listeners of the namespace, which may throw", () => {
    const stage = new SocketStage();
    const heard: unknown[] = [];
    const namespace: Namespace = stage.io.of("/chat");
    namespace.on("sync", (...args: unknown[]) => {
      heard.push(args);
      throw new TypeError("why");
    });
    namespace._onServerSideEmit(["sync", 1, 2]);

    expect(heard).toEqual([[1, 2]]);
    expect((stage.log satisfies RecordingLogger).errors).toEqual([new TypeError("why")]);
  });
});
