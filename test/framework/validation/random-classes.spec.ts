import fc from "fast-check";
import { copyOf, run, seed } from "./support/arbitraries.js";
import { outcomeOfLibraries, rookeryFor } from "./support/outcomes.js";
import { classPlans, forgetClasses, makeClasses } from "./support/random-classes.js";

describe("compiled validation", () => {
  it("has the outcome of the libraries for classes that nobody would write", async () => {
    const property = fc.asyncProperty(classPlans, run, async (plans, { payloads, options }) => {
      const types = makeClasses(plans);
      const [type] = types;
      try {
        const rookery = rookeryFor(type, options);
        for (const payload of payloads) {
          expect(await rookery(copyOf(payload))).toBe(await outcomeOfLibraries(type, copyOf(payload), options));
        }
      } finally {
        forgetClasses(types);
      }
    });
    await fc.assert(property, { numRuns: 1_000, seed });
  }, 60_000);
});
