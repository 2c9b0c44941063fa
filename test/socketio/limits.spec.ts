import { resolveLimits } from "../../src/socketio/limits.js";

describe("the limits", () => {
  it("have defaults that no genuine client meets", () => {
    expect(resolveLimits({})).toMatchObject({
      maxPayloadDepth: 200,
      maxEventNameLength: 256,
      maxNamespaceLength: 256,
      maxWaitingEvents: 100,
    });
  });

  it("are what the user gives, undefined not counting", () => {
    expect(resolveLimits({ maxPayloadDepth: 5, maxEventNameLength: undefined })).toMatchObject({
      maxPayloadDepth: 5,
      maxEventNameLength: 256,
    });
  });

  it("take nothing from options that are none of theirs", () => {
    expect(resolveLimits({ pingTimeout: 5 } as never)).not.toHaveProperty("pingTimeout");
  });

  it.each(Object.keys(resolveLimits({})))("refuse a %s that is no finite number above 0", (option) => {
    for (const value of [0, -1, Number.NaN, Infinity, "5"]) {
      expect(() => resolveLimits({ [option]: value })).toThrow(
        expect.objectContaining({
          code: "SOCKET_BAD_OPTION",
          message: `option ${option} is ${String(value)}, expected a finite number above 0`,
        }) as Error,
      );
    }
  });
});
