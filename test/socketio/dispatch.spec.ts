import { Dispatch } from "../../src/core.js";
import { SocketStage } from "../support/socket-stage.js";

describe("Dispatch", () => {
  it("finds the handler of an event", () => {
    const dispatch = new Dispatch("/chat");
    const handler = jest.fn();
    dispatch.handle("say", handler);

    expect(dispatch.handlerOf("say")).toBe(handler);
    expect(dispatch.handlerOf("other")).toBeUndefined();
  });

  it.each(["__proto__", "constructor", "toString", "hasOwnProperty"])(
    "has no handler of %s until it is given one",
    (event) => {
      const dispatch = new Dispatch("/");
      expect(dispatch.handlerOf(event)).toBeUndefined();

      const handler = jest.fn();
      dispatch.handle(event, handler);
      expect(dispatch.handlerOf(event)).toBe(handler);
    },
  );

  it("takes one handler an event", () => {
    const dispatch = new Dispatch("/chat");
    const first = jest.fn();
    dispatch.handle("say", first);

    expect(() => {
      dispatch.handle("say", jest.fn());
    }).toThrow(
      expect.objectContaining({
        code: "SOCKET_DUPLICATE_HANDLER",
        message: 'namespace "/chat" has two handlers for "say"',
      }) as Error,
    );
    expect(dispatch.handlerOf("say")).toBe(first);
  });

  it("looks among the patterns for events that have no handler under their name", () => {
    const dispatch = new Dispatch("/chat");
    const [say, order] = [jest.fn(), jest.fn()];
    const find = jest.fn((event: string) => (event.startsWith("order:") ? order : undefined));
    dispatch.handle("say", say);
    dispatch.setPatterns(find);

    expect(dispatch.handlerOf("say")).toBe(say);
    expect(find).not.toHaveBeenCalled();
    expect(dispatch.handlerOf("order:paid")).toBe(order);
    expect(dispatch.handlerOf("other")).toBeUndefined();
  });

  it("shows every event to one handler, before the event's own and without the way to answer", () => {
    const stage = new SocketStage();
    const { dispatch } = stage.io.of("/");
    const seen: unknown[] = [];
    dispatch.setAny((_socket, args, reply, event) => seen.push(["any", event, args, reply]));
    dispatch.handle("say", (_socket, args, reply, event) => {
      seen.push([event, args]);
      reply?.("said");
    });
    const client = stage.connect();
    client.send("40");
    client.take();
    client.send('421["say","hi"]');
    client.send('42["other"]');

    expect(seen).toEqual([
      ["any", "say", ["hi"], undefined],
      ["say", ["hi"]],
      ["any", "other", [], undefined],
    ]);
    expect(client.take()).toEqual(['431["said"]']);
  });

  it("has no hooks until they are set", () => {
    const dispatch = new Dispatch("/");
    expect([dispatch.connect, dispatch.disconnecting, dispatch.disconnect, dispatch.unhandled]).toEqual(
      Array(4).fill(undefined),
    );

    const hooks = [jest.fn(), jest.fn(), jest.fn(), jest.fn()] as const;
    dispatch.setConnect(hooks[0]);
    dispatch.setDisconnecting(hooks[1]);
    dispatch.setDisconnect(hooks[2]);
    dispatch.setUnhandled(hooks[3]);
    expect([dispatch.connect, dispatch.disconnecting, dispatch.disconnect, dispatch.unhandled]).toEqual(hooks);
  });
});
