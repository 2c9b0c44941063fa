import type { RuleMetadata, ValidationArguments, ValidatorConstraintInterface } from "./metadata.js";

/** How many filled-in texts a rule remembers: the default messages of one rule are three at most. */
const MAX_REMEMBERED = 8;

/**
 * The message of a broken rule, word for word class-validator's. Filling in takes half a dozen regular expressions, so
 * texts that say nothing of the value are remembered.
 */
export class RuleMessage {
  readonly #message: RuleMetadata["message"] | undefined;
  readonly #isConstant: boolean;
  readonly #isDefault: boolean;
  readonly #remembered = new Map<string | number, string>();

  /**
   * @param rule - whose message it is.
   * @param isOwn - whether the check behind the rule is class-validator's own.
   */
  constructor(rule: RuleMetadata, isOwn: boolean) {
    const { message, constraints } = rule;
    this.#isDefault = isOwn && !message;
    this.#message = message;
    this.#isConstant = !Array.isArray(constraints) || constraints.every(isConstant);
  }

  /** @param validator - its own message is asked for when the rule has none. */
  text(args: ValidationArguments, validator: ValidatorConstraintInterface | undefined): string {
    const raw = (this.#message as unknown) || defaultMessageOf(validator, args);
    const text = typeof raw === "function" ? (raw as (args: ValidationArguments) => unknown)(args) : raw;
    // class-validator leaves out what is neither text nor makes one.
    if (typeof text !== "string") return undefined as unknown as string;
    return this.#remembered.get(this.#keyOf(text)) ?? this.#fill(text, args);
  }

  #fill(text: string, args: ValidationArguments): string {
    const withConstraints = fillConstraints(text, args.constraints);
    const filled = fillNames(fillValue(withConstraints, args.value), args);
    const isAlwaysSo = this.#isConstant && !withConstraints.includes("$value");
    if (isAlwaysSo && this.#remembered.size < MAX_REMEMBERED) this.#remembered.set(this.#keyOf(text), filled);
    return filled;
  }

  /**
   * Of the default messages of one check, no two have the same length. They are put together anew each time, so that
   * looking them up by their text takes longer than all else that is done for a broken rule.
   */
  #keyOf(text: string): string | number {
    return this.#isDefault ? text.length : text;
  }
}

function defaultMessageOf(validator: ValidatorConstraintInterface | undefined, args: ValidationArguments): unknown {
  return typeof validator?.defaultMessage === "function" ? validator.defaultMessage(args) : "";
}

function isConstant(constraint: unknown): boolean {
  return constraint === null || typeof constraint !== "object" || constraint instanceof RegExp;
}

function fillConstraints(text: string, constraints: unknown): string {
  if (!Array.isArray(constraints)) return text;
  return constraints.reduce<string>(
    (message, constraint, index) =>
      message && message.replace(new RegExp(`\\$constraint${index + 1}`, "g"), constraintText(constraint)),
    text,
  );
}

function constraintText(constraint: unknown): string {
  if (Array.isArray(constraint)) return constraint.join(", ");
  return typeof constraint === "symbol" ? String(constraint.description) : String(constraint);
}

function fillValue(text: string, value: unknown): string {
  if (typeof value !== "string" && typeof value !== "boolean" && typeof value !== "number") return text;
  return text && text.replace(/\$value/g, String(value));
}

function fillNames(text: string, { property, targetName }: ValidationArguments): string {
  return text && text.replace(/\$property/g, property).replace(/\$target/g, targetName);
}
