import { IsEmail, isEmail } from "class-validator";
import fc from "fast-check";
import { dtoValidator } from "../../../src/framework/validation/dto-validator.js";

class Dto {
  @IsEmail() email!: string;
}

const parts = fc.constantFrom(
  "a", "Z", "9", "ann", "@", "@", ".", ".", "-", "_", "+", "xn--p1ai", "XN-", "com", "org", "example",
  " ", "\n", "é", "ſ", "\u00a1", '"', "<", ">", "'", "!", "/", "[", "]", "1.2.3.4", "\ud800", "x".repeat(60),
); // prettier-ignore

const texts = fc.array(parts, { maxLength: 9 }).map((some) => some.join(""));
const likely = fc.tuple(texts, texts).map(([user, domain]) => `${user}@${domain}.com`);

describe("@IsEmail()", () => {
  const { validate } = dtoValidator({ type: Dto, isArray: false, argument: undefined, where: "a test" }, {});

  it("decides about any text as the library does, whichever of the two is asked", () => {
    const property = fc.property(fc.oneof(texts, likely), (email) => {
      expect(outcome(() => validate({ email }) instanceof Dto)).toBe(outcome(() => isEmail(email)));
    });
    fc.assert(property, { numRuns: 5_000 });
  });

  /** The library throws for halves of surrogate pairs. */
  function outcome(decide: () => boolean): string {
    try {
      return String(decide());
    } catch (error) {
      return error instanceof URIError ? "thrown" : "false";
    }
  }
});
