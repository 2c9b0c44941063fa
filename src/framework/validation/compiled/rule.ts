import { mapInOrder } from "../../thenable.js";
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
import { knowledgeOf, type Knowledge } from "./own-checks.js";
import { eachOf, type QuickTest } from "./quick-tests.js";

/** Options that decide what is said of a broken rule. */
export interface RuleOptions {
  readonly stopAtFirstError: boolean;
  readonly dismissDefaultMessages: boolean;
}

/** One decorator on one property, such as `@IsString()` or `@Validate(Custom)`; decides exactly as class-validator. */
export class Rule {
  /** Tells what is fine for sure; `undefined` when only the validator itself can. */
  readonly quickTest: QuickTest | undefined;
  readonly #metadata: RuleMetadata;
  readonly #validators: readonly RuleValidator[];
  readonly #stopAtFirstError: boolean;

  constructor(metadata: RuleMetadata, { stopAtFirstError, dismissDefaultMessages }: RuleOptions) {
    this.#metadata = metadata;
    this.#stopAtFirstError = stopAtFirstError;
    const validators = validatorsOf(metadata);
    const known = validators.length === 1 && !metadata.validateIf ? knowledgeOf(metadata) : undefined;
    const says = {
      message: new RuleMessage(metadata, known !== undefined),
      dismissDefaultMessages,
      refuses: known?.refuses,
    };
    this.#validators = validators.map((validator) => new RuleValidator(metadata, validator, says));
    const quickTest = known?.quickTest;
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

interface RefusalOptions extends Pick<Knowledge, "refuses"> {
  readonly message: RuleMessage;
  readonly dismissDefaultMessages: boolean;
}

/** One validator class behind a rule. */
class RuleValidator {
  readonly #rule: RuleMetadata;
  readonly #validator: ValidatorMetadata;
  readonly #wrapper: ValidatorConstraintInterface | undefined;
  readonly #says: RefusalOptions;

  constructor(rule: RuleMetadata, validator: ValidatorMetadata, says: RefusalOptions) {
    this.#rule = rule;
    this.#validator = validator;
    this.#wrapper = wrapperOf(rule.constraintCls);
    this.#says = says;
  }

  judgeOne(subject: Subject): void {
    if (this.#says.refuses?.(subject.value)) {
      this.#refuseUnless(false, subject);
      return;
    }
    const answer: unknown = this.#instance.validate(subject.value, this.#argumentsFor(subject));
    if (!isPromise(answer)) this.#refuseUnless(answer, subject);
    else this.#wait(answer, subject);
  }

  judgeEach(subject: Subject, items: Iterable<unknown>): void {
    const args = this.#argumentsFor(subject);
    const list = Array.isArray(items) ? (items as readonly unknown[]) : [...valuesOf(items)];
    const answers = mapInOrder(list, (item): unknown => this.#instance.validate(item, args));
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
    const validator = dismissDefaultMessages ? undefined : this.#instance;
    subject.fail().constraints[this.#validator.name || this.#rule.type] = message.text(args, validator);
  }

  /** Validators may keep or change their arguments: each call gets its own. */
  #argumentsFor({ object, value }: Subject): ValidationArguments {
    const { propertyName, constraints } = this.#rule;
    return { targetName: nameOf(object.constructor), property: propertyName, object, value, constraints };
  }

  /** Validators of the application come from the container that it gave class-validator, each time anew. */
  get #instance(): ValidatorConstraintInterface {
    return this.#wrapper ?? this.#validator.instance;
  }
}

const names = new WeakMap<object, string>();

/** The engine takes longer to tell a function's name than to run most validators. */
function nameOf(type: { readonly name: string }): string {
  let name = names.get(type);
  if (name === undefined) names.set(type, (name = type.name));
  return name;
}

function valuesOf(items: Iterable<unknown>): Iterable<unknown> {
  return items instanceof Map ? (items.values() as Iterable<unknown>) : items;
}

/** As class-validator knows promises. */
function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
}
