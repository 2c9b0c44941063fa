import { Type } from "class-transformer";
import * as classValidator from "class-validator";
import { BUILT_IN_DECORATORS, NO_DECORATORS, SAMPLE_VALUES } from "./support/built-in-decorators.js";
import { type DtoClass, outcomeOfLibraries, rookeryFor } from "./support/outcomes.js";

class Inner {}
classValidator.IsString()(Inner.prototype, "text");

/** A class whose only property has this decorator. */
function dtoOf(...decorators: readonly PropertyDecorator[]): DtoClass {
  class Dto {}
  for (const decorator of decorators) decorator(Dto.prototype, "value");
  return Dto;
}

/** The values on which the outcomes differ. */
async function differences(type: DtoClass, values: readonly unknown[]): Promise<unknown[]> {
  const rookery = rookeryFor(type, {});
  const found: unknown[] = [];
  for (const value of values) {
    const payload = value === undefined ? {} : { value };
    const [ours, theirs] = [await rookery(payload), await outcomeOfLibraries(type, payload, {})];
    if (ours !== theirs) found.push({ value, ours, theirs });
  }
  // class-validator searches all classes there are on every call.
  storedRules.delete(type);
  return found;
}

const storedRules = (classValidator.getMetadataStorage() as unknown as { validationMetadatas: Map<unknown, unknown> })
  .validationMetadatas;

describe("every decorator of class-validator", () => {
  it("is in the table", () => {
    const exported = Object.keys(classValidator).filter((name) => /^[A-Z][a-z]/.test(name));
    expect(Object.keys(BUILT_IN_DECORATORS).sort()).toEqual(
      exported.filter((name) => !NO_DECORATORS.includes(name)).sort(),
    );
  });

  it.each(Object.entries(BUILT_IN_DECORATORS))("%s decides as the library does", async (_name, decorators) => {
    const lists = SAMPLE_VALUES.map((value, index) => [value ?? 0, SAMPLE_VALUES[(index * 7) % 50]]);
    const objects = [{ text: "a" }, { text: 5 }, [{ text: "a" }, { text: 5 }], "a"];
    const message = "$property of $target is $value, not $constraint1";
    for (const decorator of decorators) {
      expect(await differences(dtoOf(decorator()), SAMPLE_VALUES)).toEqual([]);
      expect(await differences(dtoOf(decorator({ message })), SAMPLE_VALUES)).toEqual([]);
      expect(await differences(dtoOf(decorator({ each: true })), [...lists, [], "a", 5])).toEqual([]);
      expect(await differences(dtoOf(decorator(), classValidator.IsOptional()), [null, "a", 5])).toEqual([]);
      expect(
        await differences(
          dtoOf(
            decorator(),
            Type(() => Inner),
          ),
          objects,
        ),
      ).toEqual([]);
    }
  });
});
