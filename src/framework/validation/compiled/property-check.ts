import { IS_OPTIONAL, ValidationTypes } from "class-validator";
import { failureOf, isCollection, Subject, type Collection, type Failure, type Run } from "./failure.js";
import { RuleMessage } from "./message.js";
import type { RuleMetadata } from "./metadata.js";
import type { QuickTest } from "./quick-tests.js";
import { Rule, type RuleOptions } from "./rule.js";

export interface PropertyOptions extends RuleOptions {
  readonly skipMissingProperties: boolean;
  readonly skipUndefinedProperties: boolean;
  readonly skipNullProperties: boolean;
  /** Of a list with so many items that are surely wrong, the others are not judged: nobody is told of them. */
  readonly maxWrongItems: number;
}

/** The rules of a class, which properties that hold an instance of it look up. */
export interface ObjectCheck {
  readonly check: (object: object, run: Run) => Failure[] | undefined;
}

export type FindCheck = (type: unknown) => ObjectCheck;

/** All rules of one property. */
export class PropertyCheck {
  readonly property: string;
  /** Together with `isOptional` tell that a value is fine, but for what is nested; `undefined` when it takes more. */
  readonly quickTests: readonly QuickTest[] | undefined;
  readonly isOptional: boolean;
  /** Whether a value is judged for what is nested in it; `"once"` when by one rule, as nearly always. */
  readonly nesting: "no" | "once" | "repeated";
  /**
   * Whether what is nested is judged whenever it is there, so that properties without a rule will be removed from it, and
   * nothing looks at them before, as `@IsNotEmptyObject()` does.
   */
  readonly isStrict: boolean;
  /** The class of the object before, which nearly all others have, and its rules. */
  readonly usual: { type: unknown; check: ObjectCheck | undefined } = { type: undefined, check: undefined };
  readonly #conditions: readonly Condition[];
  readonly #definedRules: readonly Rule[];
  readonly #rules: readonly Rule[];
  readonly #nestedRules: readonly NestedRule[];
  readonly #options: PropertyOptions;
  readonly #findCheck: FindCheck;

  constructor(metadata: readonly RuleMetadata[], options: PropertyOptions, findCheck: FindCheck) {
    const ofType = (type: string): RuleMetadata[] => metadata.filter((rule) => rule.type === type);
    const conditions = ofType(ValidationTypes.CONDITIONAL_VALIDATION);
    this.property = metadata[0]?.propertyName ?? "";
    this.#options = options;
    this.#findCheck = findCheck;
    this.#conditions = conditions.map(({ constraints }) => constraints[0] as Condition);
    this.#definedRules = ofType(ValidationTypes.IS_DEFINED).map((rule) => new Rule(rule, options));
    this.#rules = ofType(ValidationTypes.CUSTOM_VALIDATION).map((rule) => new Rule(rule, options));
    this.#nestedRules = ofType(ValidationTypes.NESTED_VALIDATION).map((rule) => new NestedRule(rule));
    const onlyOptional = conditions.every(isOptionalRule);
    this.isOptional = onlyOptional && conditions.length > 0;
    this.nesting = (["no", "once"] as const)[this.#nestedRules.length] ?? "repeated";
    this.quickTests = onlyOptional ? allQuickTests([...this.#definedRules, ...this.#rules]) : undefined;
    this.isStrict = this.nesting !== "no" && this.quickTests !== undefined;
  }

  /** What is nested in a value that the other rules accept. */
  checkNested(object: object, value: unknown, run: Run): Failure | undefined {
    if (this.#skips(value)) return undefined;
    const subject = new Subject(object, value, this.property, run);
    this.#judgeNested(subject);
    return subject.failure;
  }

  /** An object and what is known to be wrong with it. */
  holding(value: object, children: readonly Failure[] | undefined): Failure | undefined {
    return children === undefined ? undefined : failureOf(this.property, value, children);
  }

  /** The items of a list from one on, of which something may be known to be wrong already. */
  checkItemsFrom(
    list: readonly unknown[],
    first: number,
    wrong: readonly Failure[] | undefined,
    run: Run,
  ): Failure | undefined {
    const subject = new Subject(list, list, this.property, run);
    if (wrong !== undefined) {
      subject.fail().children.push(failureOf(first, list[first], wrong));
    }
    for (let index = wrong === undefined ? first : first + 1; index < list.length; index++) {
      if (this.#hasEnough(subject)) break;
      this.#judgeItem(subject, list[index], index);
    }
    return subject.failure;
  }

  /** Runs every rule, each validator once. */
  judge(object: object, value: unknown, run: Run): Failure | undefined {
    const subject = new Subject(object, value, this.property, run);
    if (!this.#applies(object, value)) return undefined;
    for (const rule of this.#definedRules) rule.judge(subject);
    if (!this.#skips(value)) {
      for (const rule of this.#rules) rule.judge(subject);
      this.#judgeNested(subject);
    }
    return subject.failure;
  }

  /** All conditions are asked, whatever the first says. */
  #applies(object: object, value: unknown): boolean {
    let applies = true;
    for (const condition of this.#conditions) if (!condition(object, value)) applies = false;
    return applies;
  }

  #skips(value: unknown): boolean {
    const { skipMissingProperties, skipNullProperties, skipUndefinedProperties } = this.#options;
    if (value === undefined) return skipMissingProperties || skipUndefinedProperties;
    return value === null && (skipMissingProperties || skipNullProperties);
  }

  #judgeNested(subject: Subject): void {
    const { value } = subject;
    if (value === undefined) return;
    for (const rule of this.#nestedRules) {
      if (this.#options.stopAtFirstError && subject.hasConstraints) return;
      if (isCollection(value)) this.#judgeItems(subject, value);
      else if (value instanceof Object) this.#judgeObject(subject, value);
      else rule.refuse(subject);
    }
  }

  #judgeObject(subject: Subject, value: object): void {
    const type: unknown = value.constructor;
    const { usual } = this;
    if (type !== usual.type || usual.check === undefined) {
      usual.type = type;
      usual.check = this.#findCheck(type);
    }
    const failures = usual.check.check(value, subject.run);
    if (failures !== undefined) subject.fail().children.push(...failures);
  }

  #judgeItems(subject: Subject, items: Collection): void {
    if (items instanceof Map) {
      // Keys are texts: payloads become maps by their properties.
      for (const [key, item] of items) {
        if (this.#hasEnough(subject)) break;
        this.#judgeItem(subject, item, key as string);
      }
    } else {
      const list = Array.isArray(items) ? items : [...items];
      for (let index = 0; index < list.length && !this.#hasEnough(subject); index++) {
        this.#judgeItem(subject, list[index], index);
      }
    }
  }

  /** As long as an answer is to come, what seems to be wrong may come to nothing. */
  #hasEnough({ wrongItems, run }: Subject): boolean {
    return wrongItems >= this.#options.maxWrongItems && run.pending.length === 0;
  }

  #judgeItem(list: Subject, item: unknown, place: PropertyKey): void {
    if (this.#skips(item)) return;
    const subject = new Subject(list.value as object, item, place, list.run);
    this.#judgeNested(subject);
    if (subject.failure !== undefined) list.fail().children.push(subject.failure);
  }
}

type Condition = (object: object, value: unknown) => unknown;

function isOptionalRule({ name }: RuleMetadata): boolean {
  return name === IS_OPTIONAL;
}

function allQuickTests(rules: readonly Rule[]): readonly QuickTest[] | undefined {
  const tests = rules.flatMap(({ quickTest }) => quickTest ?? []);
  return tests.length === rules.length ? tests : undefined;
}

/** `@ValidateNested()`: what it says of values that hold nothing. */
class NestedRule {
  readonly #metadata: RuleMetadata;
  readonly #message: RuleMessage;

  constructor(metadata: RuleMetadata) {
    this.#metadata = metadata;
    this.#message = new RuleMessage(metadata, false);
  }

  refuse(subject: Subject): void {
    const { target, propertyName, constraints, type } = this.#metadata;
    // class-validator hands its own record of the class in place of the object.
    const targetName = (target as object).constructor.name;
    const args = { targetName, property: propertyName, object: target as object, value: subject.value, constraints };
    subject.fail().constraints[type] = this.#message.text(args, undefined);
  }
}
