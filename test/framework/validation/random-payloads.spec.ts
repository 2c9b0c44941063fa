import fc from "fast-check";
import type { ValidationOptions } from "rookery";
import { outcomeOfLibraries, rookeryFor } from "./support/outcomes.js";
import { RANDOM_DTOS } from "./support/random-dtos.js";

const NAMES = [
  "text",
  "count",
  "flag",
  "leaf",
  "list",
  "tags",
  "mail",
  "date",
  "extra",
  "number",
  "unknown",
  "then",
  "7",
];

const simple = fc.constantFrom<unknown>(
  null, true, false, 0, 1, 5, -1, 2.5, "a", "b", "abcd", "", "  x ", "1", "ann@example.org", "2020-01-01",
); // prettier-ignore

/** JSON, with the names that the classes know more often than others. */
const { payload } = fc.letrec<{ payload: object; value: unknown }>((tie) => ({
  payload: fc
    .uniqueArray(fc.tuple(fc.constantFrom(...NAMES), tie("value")), { selector: ([name]) => name, maxLength: 8 })
    .map((entries) => Object.fromEntries(entries) as object),
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    { arbitrary: simple, weight: 6 },
    { arbitrary: fc.array(tie("value"), { maxLength: 3 }), weight: 2 },
    { arbitrary: tie("payload"), weight: 3 },
    { arbitrary: fc.constant(Buffer.from("x")), weight: 1 },
  ),
}));

const on = fc.constantFrom(undefined, true);

const options: fc.Arbitrary<ValidationOptions> = fc.record(
  {
    whitelist: fc.boolean(),
    forbidNonWhitelisted: on,
    forbidUnknownValues: fc.constantFrom(undefined, true, false),
    skipMissingProperties: on,
    skipNullProperties: on,
    skipUndefinedProperties: on,
    stopAtFirstError: on,
    dismissDefaultMessages: on,
    always: on,
    strictGroups: on,
    groups: fc.constantFrom(undefined, [], ["x"], ["x", "y"], ["z"]),
  },
  { requiredKeys: [] },
);

const transformOptions = fc.constantFrom(undefined, undefined, undefined, { enableImplicitConversion: true }, { exposeDefaultValues: true }); // prettier-ignore

/** Random anew in every run; a failure prints its seed. */
const settings = {
  numRuns: 2_500,
  seed: process.env.FAST_CHECK_SEED ? Number(process.env.FAST_CHECK_SEED) : undefined,
};

describe("compiled validation", () => {
  it("has the outcome of the libraries for any payload, class and options", async () => {
    const property = fc.asyncProperty(
      fc.constantFrom(...RANDOM_DTOS),
      fc.array(payload, { minLength: 1, maxLength: 4 }),
      options,
      transformOptions,
      async (type, payloads, given, transformed) => {
        const all = { ...given, ...(transformed && { transformOptions: transformed }) };
        const rookery = rookeryFor(type, all);
        for (const payload of payloads) {
          // Discriminators are deleted from the payload itself.
          const [ours, theirs] = [structuredCloneOf(payload), structuredCloneOf(payload)];
          expect(await rookery(ours)).toBe(await outcomeOfLibraries(type, theirs, all));
        }
      },
    );
    await fc.assert(property, settings);
  }, 60_000);
});

function structuredCloneOf(value: object): object {
  const copy = (item: unknown): unknown => {
    if (Array.isArray(item)) return item.map(copy);
    if (typeof item !== "object" || item === null || Buffer.isBuffer(item)) return item;
    return Object.fromEntries(Object.entries(item).map(([key, inner]) => [key, copy(inner)]));
  };
  return copy(value) as object;
}
