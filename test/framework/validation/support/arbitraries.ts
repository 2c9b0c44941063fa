import fc from "fast-check";
import type { ValidationOptions } from "rookery";

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

/** JSON and binary data, with the names that the classes know more often than others. */
export const { payload } = fc.letrec<{ payload: object; value: unknown }>((tie) => ({
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

export const options: fc.Arbitrary<ValidationOptions> = fc.record(
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
    transform: fc.constantFrom(undefined, undefined, true, false),
  },
  { requiredKeys: [] },
);

/** Payloads and options that belong together. */
export interface Run {
  readonly payloads: readonly object[];
  readonly options: ValidationOptions;
}

/** Where unknown values are allowed, the library takes binary data for objects, and cannot remove its bytes. */
export const run: fc.Arbitrary<Run> = fc
  .record({ payloads: fc.array(payload, { minLength: 1, maxLength: 4 }), options })
  .filter(({ payloads, options: given }) => given.forbidUnknownValues !== false || !payloads.some(holdsBinary));

function holdsBinary(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Buffer.isBuffer(value) || Object.values(value).some(holdsBinary);
}

/** A copy of its own: discriminators are deleted from the payload itself. */
export function copyOf(value: object): object {
  const copy = (item: unknown): unknown => {
    if (Array.isArray(item)) return item.map(copy);
    if (typeof item !== "object" || item === null || Buffer.isBuffer(item)) return item;
    return Object.fromEntries(Object.entries(item).map(([key, inner]) => [key, copy(inner)]));
  };
  return copy(value) as object;
}

/** Random anew in every run; a failure prints its seed. */
export const seed = process.env.FAST_CHECK_SEED ? Number(process.env.FAST_CHECK_SEED) : undefined;
