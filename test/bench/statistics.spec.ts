import { median, pairedRatio } from "../../bench/statistics.js";

describe("statistics of a run", () => {
  it("takes the middle value, or the mean of the two in the middle", () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 10, 2])).toBe(3);
    expect(median([])).toBeNaN();
  });

  it("compares round by round, so that a slow round of both changes nothing", () => {
    expect(pairedRatio([10, 100, 10], [5, 50, 4])).toEqual({ median: 2, lowest: 2, highest: 2.5 });
  });
});
