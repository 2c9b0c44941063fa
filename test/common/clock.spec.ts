import { systemClock } from "../../src/common/index.js";

describe("systemClock", () => {
  afterEach(() => jest.useRealTimers());

  it("never runs backwards", () => {
    const earlier = systemClock.now();

    expect(systemClock.now()).toBeGreaterThanOrEqual(earlier);
  });

  it("follows jest's fake timers", () => {
    jest.useFakeTimers();
    const fired: string[] = [];
    systemClock.setTimeout(() => fired.push("kept"), 50);
    systemClock.clearTimeout(systemClock.setTimeout(() => fired.push("cancelled"), 50));

    jest.advanceTimersByTime(49);
    expect(fired).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(fired).toEqual(["kept"]);
  });

  it("tells the time of jest's fake timers", () => {
    jest.useFakeTimers();
    const start = systemClock.now();
    jest.advanceTimersByTime(1_000);

    expect(systemClock.now() - start).toBe(1_000);
  });
});
