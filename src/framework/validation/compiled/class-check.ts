import { ValidationTypes } from "class-validator";
import { Failure } from "./failure.js";
import { selectRules, type RuleMetadata, type Selection } from "./metadata.js";
import { PropertyCheck, type FindCheck, type ObjectCheck, type PropertyOptions } from "./property-check.js";
import { unrolled, type CheckProperties } from "./unrolled.js";

export interface CheckOptions extends PropertyOptions, Selection {
  readonly whitelist: boolean;
  readonly forbidNonWhitelisted: boolean;
  readonly forbidUnknownValues: boolean;
}

const KNOWN_TYPES: ReadonlySet<string> = new Set([
  ValidationTypes.CONDITIONAL_VALIDATION,
  ValidationTypes.CUSTOM_VALIDATION,
  ValidationTypes.IS_DEFINED,
  ValidationTypes.NESTED_VALIDATION,
  ValidationTypes.WHITELIST,
]);

/** All rules of one class that hold under the options; decides exactly as class-validator's `validate`. */
export class ClassCheck implements ObjectCheck {
  readonly properties: readonly PropertyCheck[];
  /** Whether every rule is of a kind that is understood here. */
  readonly isUnderstood: boolean;
  /** Whether no validator can be asynchronous. */
  readonly isSynchronous: boolean;
  /** Whether instances may have properties without a rule, however they are made. */
  mayHoldMore = true;
  readonly #allowed: ReadonlySet<string>;
  readonly #options: CheckOptions;
  #checkProperties: CheckProperties = nothingWrong;

  constructor(type: object, options: CheckOptions, findCheck: FindCheck) {
    const rules = selectRules(type, options);
    this.#options = options;
    this.#allowed = new Set(rules.keys());
    this.properties = [...rules.values()].map((metadata) => new PropertyCheck(metadata, options, findCheck));
    this.isSynchronous = this.properties.every(({ quickTests }) => quickTests !== undefined);
    this.isUnderstood = [...rules.values()].every((metadata) => metadata.every(isUnderstood));
  }

  check: ObjectCheck["check"] = (object, run) => {
    // Written on first use: an application has more classes than it meets messages early on.
    this.#checkProperties = unrolled(this.properties);
    this.check = this.#isBare ? this.#checkAll : this.#checkRuled;
    return this.check(object, run);
  };

  /** The rules of each property, when quick tests are enough to know instances that are valid. */
  get quickChecks(): ReadonlyMap<string, PropertyCheck> | undefined {
    const isQuick = this.isUnderstood && this.isSynchronous && !this.#isBare;
    return isQuick ? new Map(this.properties.map((check) => [check.property, check])) : undefined;
  }

  get #isBare(): boolean {
    return this.mayHoldMore || (this.properties.length === 0 && this.#options.forbidUnknownValues);
  }

  readonly #checkRuled: ObjectCheck["check"] = (object, run) =>
    run.mayHoldMore ? this.#checkAll(object, run) : this.#checkProperties(object, run);

  readonly #checkAll: ObjectCheck["check"] = (object, run) => {
    // Each byte of binary data is a property without a rule, none of which can be removed.
    const isForbidden = this.#options.forbidUnknownValues || ArrayBuffer.isView(object);
    if (this.properties.length === 0 && isForbidden) return [unknownValue()];
    const surplus = this.#options.whitelist ? this.#withoutRule(object) : undefined;
    const failures = this.#checkProperties(object, run);
    if (surplus === undefined || failures === undefined) return surplus ?? failures;
    return [...surplus, ...failures];
  };

  #withoutRule(object: object): Failure[] | undefined {
    let failures: Failure[] | undefined;
    for (const property of Object.keys(object)) {
      if (this.#allowed.has(property)) continue;
      if (this.#options.forbidNonWhitelisted) (failures ??= []).push(surplusProperty(property));
      else Reflect.deleteProperty(object, property);
    }
    return failures;
  }
}

const nothingWrong: CheckProperties = () => undefined;

function isUnderstood({ type }: RuleMetadata): boolean {
  return KNOWN_TYPES.has(type);
}

function unknownValue(): Failure {
  const failure = new Failure(undefined, undefined);
  failure.constraints["unknownValue"] = "an unknown value was passed to the validate function";
  return failure;
}

function surplusProperty(property: string): Failure {
  const failure = new Failure(property, undefined);
  failure.constraints[ValidationTypes.WHITELIST] = `property ${property} should not exist`;
  return failure;
}
