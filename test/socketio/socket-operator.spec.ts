import { SocketOperator } from "../../src/core.js";
import { SocketStage } from "../support/socket-stage.js";

describe("a socket operator", () => {
  it("is a value: what is derived of it leaves it as it is", async () => {
    const stage = new SocketStage();
    const { socket, transport } = stage.join();
    const timed = socket.timeout(100);
    const derived = [timed.volatile, timed.compress(false), timed.timeout(50)];
    const [plain, late] = [jest.fn(), jest.fn()];
    socket.emit("between", plain);
    timed.emit("kept", late);
    stage.clock.advance(50);
    expect(late).not.toHaveBeenCalled();

    stage.clock.advance(50);
    expect(late.mock.calls).toEqual([[expect.objectContaining({ code: "SOCKET_ACK_TIMEOUT" })]]);
    expect(plain).not.toHaveBeenCalled();
    expect(new Set([timed, ...derived]).size).toBe(4);
    expect(derived.every((operator) => operator instanceof SocketOperator)).toBe(true);
    expect(transport.frames).toHaveLength(2);
  });

  it("leaves no flag on the socket", () => {
    const { socket, transport } = new SocketStage().join();
    transport.becomeUnwritable();
    expect(socket.volatile).not.toBe(socket);
    socket.emit("say", 1);
    transport.becomeWritable();

    expect(transport.frames).toEqual(['42["say",1]']);
  });

  it("combines its modifiers", () => {
    const stage = new SocketStage();
    const { socket, transport } = stage.join();
    transport.options.length = 0;
    const ack = jest.fn();
    socket.timeout(100).volatile.compress(false).emit("sent", ack);
    transport.becomeUnwritable();
    socket.compress(false).timeout(100).volatile.emit("dropped", ack);
    stage.clock.advance(100);

    expect(transport.frames).toEqual(['420["sent"]']);
    expect(transport.options.map((options) => options?.compress)).toEqual([false]);
    expect(ack).toHaveBeenCalledTimes(2);
  });

  it("sends messages", () => {
    const { socket, transport } = new SocketStage().join();
    socket.volatile.send("hello").write("again");

    expect(transport.frames).toEqual(['42["message","hello"]', '42["message","again"]']);
  });

  it.each<[how: string, receivers: number[]]>([
    ["broadcast", [0, 1, 1]],
    ["local", [0, 1, 1]],
  ])("begins a broadcast to everybody else by %s, with its modifiers", (how, receivers) => {
    const stage = new SocketStage();
    const members = [stage.join(), stage.join(), stage.join()];
    const [sender, , slow] = members;
    slow?.transport.becomeUnwritable();
    const operator = sender?.socket.volatile;
    (how === "broadcast" ? operator?.broadcast : operator?.local)?.emit("say");
    slow?.transport.becomeWritable();

    expect(members.map(({ transport }) => transport.frames.length)).toEqual([0, receivers[1], 0]);
  });

  it("begins a broadcast to rooms", () => {
    const stage = new SocketStage();
    const [sender, inRoom, elsewhere] = [stage.join(), stage.join(), stage.join()];
    void inRoom.socket.join("a");
    const operator = sender.socket.compress(true);
    operator.to("a").emit("to");
    operator.in("a").emit("in");
    operator.except("a").emit("except");

    expect(inRoom.take()).toEqual(['42["to"]', '42["in"]']);
    expect(elsewhere.take()).toEqual(['42["except"]']);
  });

  it("refuses reserved events", () => {
    const { socket } = new SocketStage().join();

    expect(() => socket.volatile.emit("disconnect")).toThrow('"disconnect" is a reserved event name');
  });

  it("reads the answer by a decoder", async () => {
    const { socket, transport } = new SocketStage().join();
    const decode = (...args: unknown[]): number => args.length;
    const read = socket.timeout(100).decode(decode).emitWithAck("ask");
    const refused = socket
      .timeout(100)
      .decode(() => {
        throw new TypeError("not that");
      })
      .emitWithAck("ask");
    transport.receive("430[7,8,9]", "431[7]");

    expect(await read).toBe(3);
    await expect(refused).rejects.toMatchObject({ code: "SOCKET_ACK_DECODE" });
  });
});
