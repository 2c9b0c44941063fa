import { ENGINE_ERRORS, EngineError } from "../../src/engineio/errors.js";

describe("EngineError", () => {
  it("carries code, message and mend of its row", () => {
    const error = new EngineError("ENGINE_OVERLAP", { values: { what: "overlap" } });

    expect(error).toMatchObject({
      name: "EngineError",
      code: "ENGINE_OVERLAP",
      message: "overlap from client",
      mend: ENGINE_ERRORS.ENGINE_OVERLAP.mend,
    });
  });

  it("is told by family and code", () => {
    const error: unknown = new EngineError("ENGINE_CONTENT_TYPE");

    expect(EngineError.is(error)).toBe(true);
    expect(EngineError.is(error, "ENGINE_CONTENT_TYPE")).toBe(true);
    expect(EngineError.is(error, "ENGINE_OVERLAP")).toBe(false);
    expect(EngineError.is(new Error("invalid content"))).toBe(false);
  });

  it.each([
    ["ENGINE_HEARTBEAT_DIRECTION", {}, "invalid heartbeat direction"],
    ["ENGINE_CONTENT_TYPE", {}, "invalid content"],
    ["ENGINE_OVERLAP", { what: "data request overlap" }, "data request overlap from client"],
    ["ENGINE_PREMATURE_CLOSE", { what: "poll" }, "poll connection closed prematurely"],
  ] as const)("%s says what engine.io says", (code, values, message) => {
    expect(new EngineError(code, { values }).message).toBe(message);
  });
});
