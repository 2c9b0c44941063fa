import { RateLimit } from "../../src/common/index.js";
import { ManualClock } from "../support/manual-clock.js";

function create(perSecond: number): { rate: RateLimit; clock: ManualClock } {
  const clock = new ManualClock();
  return { rate: new RateLimit(perSecond, clock), clock };
}

describe("a rate limit", () => {
  it("takes a second's worth at once, and tells by how many it is exceeded", () => {
    const { rate } = create(2);

    expect([rate.take(), rate.take(), rate.take(), rate.take()]).toEqual([1, 0, -1, -2]);
  });

  it("regains what time brings, and no more than a second's worth", () => {
    const { rate, clock } = create(2);
    for (let count = 0; count < 3; count += 1) rate.take();
    clock.advance(1_000);
    expect(rate.take()).toBe(0);
    clock.advance(60_000);

    expect(rate.take()).toBe(1);
  });

  it("does not count what it refuses", () => {
    const { rate, clock } = create(1);
    expect([rate.allows(), rate.allows(), rate.allows()]).toEqual([true, false, false]);
    clock.advance(1_000);

    expect([rate.allows(), rate.allows()]).toEqual([true, false]);
  });
});
