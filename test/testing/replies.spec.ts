import { Ack, type AckCallback, type AckFormat, GatewayException, Namespace, OnEvent, OnUnhandled } from "rookery";
import type { TestClient } from "rookery/testing";
import { useInMemory } from "../framework/support/in-memory.js";
import { useMemoryServer } from "../support/memory-server.js";

@Namespace("/chat")
class Chat {
  @OnEvent("value")
  @Ack()
  value(value: unknown): unknown {
    return value;
  }

  @OnEvent("nothing")
  nothing(): void {
    // An empty answer.
  }

  @OnEvent("fail")
  @Ack()
  fail(): never {
    throw new GatewayException("TOO_MUCH", "No more.", { left: 0 });
  }

  @OnEvent("callback")
  callback(@Ack() reply: AckCallback): void {
    reply("as it is", 2);
  }

  @OnEvent("own:*")
  @Ack({ format: "envelope" })
  own(value: unknown): unknown {
    return value;
  }

  @OnEvent("own:node")
  @Ack({ format: "node" })
  node(value: unknown): unknown {
    return value;
  }
}

@Namespace("/rooms/:id")
class Rooms {
  @OnEvent("value")
  @Ack({ format: "node" })
  value(value: unknown): unknown {
    return value;
  }

  @OnUnhandled()
  @Ack({ format: "envelope" })
  rest(): string {
    return "rest";
  }
}

describe("the answer of emitWithAck", () => {
  const start = useInMemory();

  it.each<[format: AckFormat, value: unknown, nothing: unknown[], error: unknown]>([
    ["value", "hi", [], { error: { code: "TOO_MUCH", message: "No more.", details: { left: 0 } } }],
    [
      "envelope",
      { ok: true, data: "hi" },
      [{ ok: true }],
      { ok: false, error: { code: "TOO_MUCH", message: "No more.", details: { left: 0 } } },
    ],
    ["node", null, [null], { code: "TOO_MUCH", message: "No more.", details: { left: 0 } }],
  ])("is a value or an AckError in the format %s, and raw as it comes", async (ackFormat, value, nothing, error) => {
    const app = await start({ providers: [Chat] }, { ackFormat });
    const ann = await app.connect("/chat");

    expect(await ann.emitWithAck("value", "hi")).toBe("hi");
    expect(await ann.emitWithAck("nothing")).toBeUndefined();
    expect(await ann.emitWithAck("callback")).toBe("as it is");
    await expect(ann.emitWithAck("fail")).rejects.toMatchObject({
      name: "AckError",
      code: "TOO_MUCH",
      message: "No more.",
      details: { left: 0 },
    });
    await expect(ann.emitWithAck("nobody")).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await ann.emitWithAck("value", "hi").raw).toEqual(ackFormat === "node" ? [null, "hi"] : [value]);
    expect(await ann.emitWithAck("nothing").raw).toEqual(nothing);
    expect(await ann.emitWithAck("callback").raw).toEqual(["as it is", 2]);
    expect(await ann.emitWithAck("fail").raw).toEqual([error]);
  });

  it("is read as its handler writes it", async () => {
    const app = await start({ providers: [Chat, Rooms] });
    const [chat, rooms] = [await app.connect("/chat"), await app.connect("/rooms/7")];

    expect(await chat.emitWithAck("own:any", 1)).toBe(1);
    expect(await chat.emitWithAck("own:node", { ok: true, data: 2 })).toEqual({ ok: true, data: 2 });
    expect(await rooms.emitWithAck("value", 3)).toBe(3);
    expect(await rooms.emitWithAck("another")).toBe("rest");
  });

  it("stays a value that only looks like another format's", async () => {
    const app = await start({ providers: [Chat] });
    const ann = await app.connect("/chat");

    expect(await ann.emitWithAck("value", { ok: true, data: 1 })).toEqual({ ok: true, data: 1 });
    expect(await ann.emitWithAck("value", null)).toBeNull();
  });

  it("is missed, raw too, by a client that has gone", async () => {
    const app = await start({ providers: [Chat] });
    const ann = await app.connect("/chat");
    await ann.disconnect();

    await expect(ann.emitWithAck("value", 1).raw).rejects.toMatchObject({ code: "TESTING_DISCONNECTED" });
  });
});

describe("what the server asks", () => {
  const server = useMemoryServer();

  async function asking(): Promise<{ ask: (...args: unknown[]) => Promise<unknown>; client: TestClient }> {
    const client = await server().connect();
    const socket = server().io.sockets.sockets.get(client.id);
    return {
      client,
      ask: (...args) =>
        new Promise((resolve) => {
          socket?.emit("question", ...args, (...answer: unknown[]) => {
            resolve(answer);
          });
        }),
    };
  }

  it("is answered by what an onAck listener returns or resolves", async () => {
    const { client, ask } = await asking();
    client.onAck("question", async (text: string) => Promise.resolve(`${text}!`));

    expect(await Promise.all([ask("a"), ask("b")])).toEqual([["a!"], ["b!"]]);
  });

  it("does not concern an onAck listener without an acknowledgement", async () => {
    const { client } = await asking();
    const listener = jest.fn();
    client.onAck("question", listener);
    server().io.emit("question", 1);
    await server().activity.settled();

    expect(listener).not.toHaveBeenCalled();
  });

  it("is answered when the test gets to it, whether it has come or is to come", async () => {
    const { client, ask } = await asking();
    const first = ask("a");
    expect(await client.next("question")).toEqual(["a"]);
    expect(await client.answer("question", "yes", 2)).toEqual(["a"]);
    expect(await first).toEqual(["yes", 2]);
    const answering = client.answer("question", Buffer.from([1]));
    const second = ask("b");

    expect(await answering).toEqual(["b"]);
    expect(await second).toEqual([Buffer.from([1])]);
  });

  it("is answered once each, in order", async () => {
    const { client, ask } = await asking();
    const answers = Promise.all([ask("a"), ask("b")]);
    await client.answer("question", 1);
    await client.answer("question", 2);

    expect(await answers).toEqual([[1], [2]]);
  });

  it("is not answered twice when a listener was quicker", async () => {
    const { client, ask } = await asking();
    client.onAck("question", () => "listener");
    expect(await ask("a")).toEqual(["listener"]);
    const answering = client.answer("question", "test");
    server().io.disconnectSockets();

    await expect(answering).rejects.toMatchObject({ code: "TESTING_DISCONNECTED" });
  });

  it("on a connection that is lost is not answered on the next", async () => {
    const { client, ask } = await asking();
    void ask("a");
    await client.next("question");
    await client.reconnect();
    const answering = client.answer("question", "late");
    server()
      .io.timeout(1_000)
      .emit("question", "b", () => undefined);

    expect(await answering).toEqual(["b"]);
  });
});
