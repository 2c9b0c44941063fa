import { Dispatch } from "../../src/core.js";

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
