import { isCollection, type Subject } from "./failure.js";
import { RuleMessage } from "./message.js";
import {
  validatorsOf,
  type RuleMetadata,
  type ValidationArguments,
  type ValidatorConstraintInterface,
  type ValidatorMetadata,
} from "./metadata.js";
import { wrapperOf } from "./origin.js";
import { quickTestOf } from "./own-checks.js";
import type { QuickTest } from "./quick-tests.js";

/** Options that decide what is said of a broken rule. */
export interface RuleOptions {
  readonly stopAtFirstError: boolean;
  readonly dismissDefaultMessages: boolean;
}

/** One decorator on one property, such as `@IsString()` or `@Validate(Custom)`; decides exactly as class-validator. */
export class Rule {
  /** Accepts what is fine for sure; `undefined` when only the validator itself can tell. */
  readonly quickTest: QuickTest | undefined;
  readonly #metadata: RuleMetadata;
  readonly #validators: readonly RuleValidator[];
  readonly #stopAtFirstError: boolean;

  constructor(metadata: RuleMetadata, { stopAtFirstError, dismissDefaultMessages }: RuleOptions) {
    this.#metadata = metadata;
    this.#stopAtFirstError = stopAtFirstError;
    const says = { message: new RuleMessage(metadata), dismissDefaultMessages };
    this.#validators = validatorsOf(metadata).map((validator) => new RuleValidator(metadata, validator, says));
    const isSimple = this.#validators.length === 1 && !metadata.validateIf;
    const quickTest = isSimple ? quickTestOf(metadata) : undefined;
    this.quickTest = quickTest !== undefined && metadata.each ? eachOf(quickTest) : quickTest;
  }

  judge(subject: Subject): void {
    const { value } = subject;
    const { validateIf, each } = this.#metadata;
    if (validateIf && !validateIf(subject.object, value)) return;
    for (const validator of this.#validators) {
      if (this.#stopAtFirstError && subject.hasConstraints) return;
      if (each && isCollection(value)) validator.judgeEach(subject, value);
      else validator.judgeOne(subject);
    }
  }
}

interface MessageOptions {
  readonly message: RuleMessage;
  readonly dismissDefaultMessages: boolean;
}

/** One validator class behind a rule. */
class RuleValidator {
  readonly #rule: RuleMetadata;
  readonly #validator: ValidatorMetadata;
  readonly #wrapper: ValidatorConstraintInterface | undefined;
  readonly #says: MessageOptions;

  constructor(rule: RuleMetadata, validator: ValidatorMetadata, says: MessageOptions) {
    this.#rule = rule;
    this.#validator = validator;
    this.#wrapper = wrapperOf(rule.constraintCls);
    this.#says = says;
  }

  judgeOne(subject: Subject): void {
    const answer: unknown = this.#instance.validate(subject.value, this.#argumentsFor(subject));
    if (!isPromise(answer)) this.#refuseUnless(answer, subject);
    else this.#wait(answer, subject);
  }

  judgeEach(subject: Subject, items: Iterable<unknown>): void {
    const args = this.#argumentsFor(subject);
    const list = Array.isArray(items) ? (items as readonly unknown[]) : [...valuesOf(items)];
    const answers = list.map((item): unknown => this.#instance.validate(item, args));
    if (!answers.some(isPromise)) this.#refuseUnless(answers.every(Boolean), subject);
    else this.#wait(Promise.all(answers).then((outcomes) => outcomes.every(Boolean)), subject); // prettier-ignore
  }

  #wait(answer: PromiseLike<unknown>, subject: Subject): void {
    // Failures keep the order of the properties, whichever answer comes first.
    subject.fail();
    subject.run.pending.push(answer.then((isValid) => this.#refuseUnless(isValid, subject)));
  }

  #refuseUnless(isValid: unknown, subject: Subject): void {
    if (isValid) return;
    const { message, dismissDefaultMessages } = this.#says;
    const args = this.#argumentsFor(subject);
    const instance = dismissDefaultMessages ? undefined : this.#instance;
    const ownMessage =
      typeof instance?.defaultMessage === "function" ? () => instance.defaultMessage?.(args) : undefined;
    subject.fail().constraints[this.#validator.name || this.#rule.type] = message.text(args, ownMessage);
  }

  /** Validators may keep or change their arguments: each call gets its own. */
  #argumentsFor({ object, value }: Subject): ValidationArguments {
    const { propertyName, constraints } = this.#rule;
    return { targetName: object.constructor.name, property: propertyName, object, value, constraints };
  }

  /** Validators of the application come from the container that it gave class-validator, each time anew. */
  get #instance(): ValidatorConstraintInterface {
    return this.#wrapper ?? this.#validator.instance;
  }
}

function valuesOf(items: Iterable<unknown>): Iterable<unknown> {
  return items instanceof Map ? (items.values() as Iterable<unknown>) : items;
}

function eachOf(quickTest: QuickTest): QuickTest {
  return (values) => {
    // Sets and maps are rare: the validator decides about them.
    if (!Array.isArray(values)) return !isCollection(values) && quickTest(values);
    for (const value of values) if (!quickTest(value)) return false;
    return true;
  };
}

/** As class-validator knows promises. */
function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
}
