import fc from "fast-check";
import { copyOf, run, seed } from "./support/arbitraries.js";
import { outcomeOfLibraries, rookeryFor } from "./support/outcomes.js";
import { RANDOM_DTOS } from "./support/random-dtos.js";

const transformOptions = fc.constantFrom(undefined, undefined, undefined, { enableImplicitConversion: true }, { exposeDefaultValues: true }); // prettier-ignore

describe("compiled validation", () => {
  it("has the outcome of the libraries for any payload, class and options", async () => {
    const property = fc.asyncProperty(
      fc.constantFrom(...RANDOM_DTOS),
      run,
      transformOptions,
      async (type, { payloads, options }, transformed) => {
        const all = { ...options, ...(transformed && { transformOptions: transformed }) };
        const rookery = rookeryFor(type, all);
        for (const payload of payloads) {
          expect(await rookery(copyOf(payload))).toBe(await outcomeOfLibraries(type, copyOf(payload), all));
        }
      },
    );
    await fc.assert(property, { numRuns: 2_500, seed });
  }, 60_000);
});
