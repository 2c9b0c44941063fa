import { toMilliseconds } from "../../src/framework/duration.js";

describe("a duration", () => {
  it.each([
    [0, 0],
    [1_500, 1_500],
    [0.4, 0],
    ["500ms", 500],
    ["5s", 5_000],
    ["1.5s", 1_500],
    ["2 m", 120_000],
    ["1h", 3_600_000],
    ["1d", 86_400_000],
    [2 ** 31 - 1, 2 ** 31 - 1],
  ])("of %p is %d ms", (duration, durationMs) => {
    expect(toMilliseconds(duration, "here")).toBe(durationMs);
  });

  it.each([-1, Number.NaN, Infinity, 2 ** 31, "", "5", "5 seconds", "s", "-5s", "25d", "600h", " 5s"])(
    "is not %p",
    (duration) => {
      const told = typeof duration === "string" ? `"${duration}"` : String(duration);
      expect(() => toMilliseconds(duration, "@Timeout of Chat.send")).toThrow(
        `@Timeout of Chat.send is ${told}, which is no duration`,
      );
    },
  );

  it("is neither undefined nor an object, whatever types say", () => {
    for (const value of [undefined, null, {}, ["5s"]]) {
      expect(() => toMilliseconds(value as never, "here")).toThrow("which is no duration");
    }
  });
});
