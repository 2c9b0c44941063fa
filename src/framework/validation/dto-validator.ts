import { instanceToPlain, plainToInstance } from "class-transformer";
import { getMetadataStorage, validate, type ValidationError, type ValidatorOptions } from "class-validator";
import { GatewayException, type ValidationIssue } from "../client-errors.js";
import { tokenName, type Class } from "../contracts/class.js";
import { GatewayError } from "../errors.js";
import type { PayloadCheck } from "../gateway/contract.js";
import { inArgument, invalid, invalidArgument } from "./issues.js";
import { withoutInheritedNames } from "./untrusted.js";
import type { Serializer, ValidationOptions, Validator } from "./validator.js";

/** Which parameter is checked against which class. */
export interface DtoPlace {
  readonly type: Class;
  readonly isArray: PayloadCheck["isArray"];
  readonly argument: number | undefined;
  /** For errors, such as `a parameter of ChatGateway.send`. */
  readonly where: string;
}

/**
 * Checks against a DTO class: class-transformer makes the instance, class-validator judges it.
 *
 * @throws GatewayError `GATEWAY_DTO_WITHOUT_RULES` when the class has no rule: everything would pass.
 */
export function dtoValidator({ type, isArray, argument, where }: DtoPlace, options: ValidationOptions): Validator {
  checkHasRules(type, where);
  const dto = new DtoCheck(type, options);
  const one = async (value: unknown): Promise<object> => {
    if (!isPlainObject(value)) throw invalidArgument("object", "must be an object", argument);
    const { instance, issues } = await dto.run(value, "");
    if (issues.length > 0) throw invalid(issues.map((issue) => inArgument(issue, argument)));
    return instance;
  };
  const many = async (values: unknown): Promise<object[]> => {
    if (!Array.isArray(values)) throw invalidArgument("array", "must be an array", argument);
    const results = await Promise.all(values.map((value, index) => dto.run(value, `[${index}]`)));
    const issues = results.flatMap((result) => result.issues);
    if (issues.length > 0) throw invalid(issues.map((issue) => inArgument(issue, argument)));
    return results.map(({ instance }) => instance);
  };
  return { validate: isArray ? many : one, mayWait: true, argument };
}

/** Writes a reply by class-transformer's rules for `type`: `@Expose`, `@Exclude`, `@Transform`, `@Type`. */
export function dtoSerializer(type: Class): Serializer {
  const target: new () => object = type;
  return (value) => {
    if (typeof value !== "object" || value === null) return value;
    return instanceToPlain(value instanceof target ? value : plainToInstance(target, value));
  };
}

interface CheckResult {
  readonly instance: object;
  readonly issues: readonly ValidationIssue[];
}

class DtoCheck {
  readonly #type: new () => object;
  readonly #options: ValidatorOptions;
  readonly #transforms: boolean;

  constructor(type: Class, { transform = true, groups, ...options }: ValidationOptions) {
    this.#type = type;
    this.#transforms = transform;
    this.#options = {
      whitelist: true,
      ...options,
      ...(groups === undefined ? {} : { groups: [...groups] }),
      forbidUnknownValues: true,
      validationError: { target: false, value: true },
    };
  }

  async run(value: unknown, path: string): Promise<CheckResult> {
    if (!isPlainObject(value)) {
      return { instance: {}, issues: [{ path, constraints: { object: "must be an object" } }] };
    }
    const instance = this.#instantiate(value);
    const errors = await validate(instance, this.#options);
    const issues = errors.flatMap((error) => toIssues(error, propertyPath(path, error.property, false)));
    return { instance: this.#transforms ? instance : instanceToPlain(instance), issues };
  }

  /** What the payload makes the libraries or a `@Transform` throw is the payload's fault. */
  #instantiate(value: object): object {
    try {
      return plainToInstance(this.#type, withoutInheritedNames(value));
    } catch (error) {
      if (GatewayException.is(error)) throw error;
      throw invalidArgument("transform", "cannot be read", undefined);
    }
  }
}

/** Flattens class-validator's tree; values and targets stay behind. */
function toIssues({ value, constraints, children = [] }: ValidationError, path: string): ValidationIssue[] {
  const own = constraints === undefined ? [] : [{ path, constraints }];
  const isList = Array.isArray(value) || value instanceof Set || value instanceof Map;
  return [...own, ...children.flatMap((child) => toIssues(child, propertyPath(path, child.property, isList)))];
}

/** @param property - missing when class-validator speaks of the whole object. */
function propertyPath(path: string, property: string | undefined, isItem: boolean): string {
  if (property === undefined) return path;
  if (isItem) return `${path}[${property}]`;
  return path === "" ? property : `${path}.${property}`;
}

function checkHasRules(type: Class, where: string): void {
  if (getMetadataStorage().getTargetValidationMetadatas(type, "", true, false).length === 0) {
    throw new GatewayError("GATEWAY_DTO_WITHOUT_RULES", { values: { where, type: tokenName(type) } });
  }
}

/** Of what the wire can bring: no array, no binary, nothing with a class of its own. */
function isPlainObject(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  return Object.prototype.toString.call(value) === "[object Object]";
}
