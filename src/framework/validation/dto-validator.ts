import { isThenable } from "../../common/index.js";
import { instanceToPlain, plainToInstance } from "class-transformer";
import { getMetadataStorage } from "class-validator";
import type { GatewayException } from "../client-errors.js";
import { tokenName, type Class } from "../contracts/class.js";
import { GatewayError } from "../errors.js";
import type { PayloadCheck } from "../gateway/contract.js";
import { mapInOrder } from "../thenable.js";
import { Rejected } from "./compiled/acceptance.js";
import { DtoCheck, type Checked } from "./dto-check.js";
import { IssueList, type IssueLimits } from "./issue-list.js";
import { invalidArgument } from "./issues.js";
import type { ValidationOptions } from "./options.js";
import type { Serializer, Validator } from "./validator.js";

/** Which parameter is checked against which class. */
export interface DtoPlace {
  readonly type: Class;
  readonly isArray: PayloadCheck["isArray"];
  readonly argument: number | undefined;
  /** For errors, such as `a parameter of ChatGateway.send`. */
  readonly where: string;
}

/**
 * Checks against a DTO class, with the outcome of class-transformer's `plainToInstance` and class-validator's `validate`.
 *
 * @throws GatewayError `GATEWAY_DTO_WITHOUT_RULES` when the class has no rule: everything would pass.
 */
export function dtoValidator(place: DtoPlace, options: ValidationOptions): Validator {
  const { type, isArray, argument, where } = place;
  checkHasRules(type, where);
  const dto = new DtoCheck(type, options);
  const validate = isArray ? many(dto, argument, options) : one(dto, argument, options);
  return { validate, mayWait: dto.mayWait, argument };
}

type Argument = Validator["argument"];

function one(dto: DtoCheck, argument: Argument, limits: IssueLimits): Validator["validate"] {
  const refusalOf = ({ failures }: Checked): GatewayException | undefined => {
    if (failures === undefined) return undefined;
    const issues = new IssueList(argument, limits);
    issues.addFailures(failures, "", false);
    return issues.refusal;
  };
  const accept = (checked: Checked): object => {
    const refused = refusalOf(checked);
    if (refused !== undefined) throw refused;
    return dto.handOut(checked.instance);
  };
  return (value) => {
    const accepted = dto.accept(value);
    if (accepted !== undefined && !(accepted instanceof Rejected)) return accepted;
    const checked = accepted ?? dto.check(value);
    if (checked instanceof Promise) return checked.then(accept);
    // Thrown here: what an exception costs grows with every function that it leaves.
    const refused = refusalOf(checked);
    if (refused !== undefined) throw refused;
    return dto.handOut(checked.instance);
  };
}

function many(dto: DtoCheck, argument: Argument, limits: IssueLimits): Validator["validate"] {
  /** Looks at items until their client will be told of no more. */
  const accept = (count: number, itemAt: (index: number) => Checked): object[] => {
    const issues = new IssueList(argument, limits);
    const instances: object[] = [];
    for (let index = 0; index < count && !issues.isFull; index++) {
      const { instance, failures } = itemAt(index);
      instances.push(instance);
      if (failures !== undefined) issues.addFailures(failures, `[${index}]`, false);
    }
    if (issues.refusal !== undefined) throw issues.refusal;
    return instances.map((instance) => dto.handOut(instance));
  };
  const acceptAll = (items: readonly Checked[]): object[] => accept(items.length, (index) => items[index] as Checked);
  const check = (value: unknown): Checked | Promise<Checked> => {
    const accepted = dto.accept(value);
    if (accepted === undefined) return dto.check(value);
    return accepted instanceof Rejected ? accepted : { instance: accepted, failures: undefined };
  };
  return (values) => {
    if (!Array.isArray(values)) throw invalidArgument("array", "must be an array", argument);
    const given = values as readonly unknown[];
    // Where no validator has to be waited for, what is not looked at is not judged either.
    if (!dto.mayWait) return accept(given.length, (index) => check(given[index]) as Checked);
    const items = mapInOrder(given, check);
    return items.some(isThenable) ? Promise.all(items.map(asPromise)).then(acceptAll) : acceptAll(items as Checked[]);
  };
}

async function asPromise(checked: Checked | Promise<Checked>): Promise<Checked> {
  return checked;
}

/** Writes a reply, or each of a list, by class-transformer's rules for `type`: `@Expose`, `@Exclude`, `@Transform`, `@Type`. */
export function dtoSerializer(type: Class): Serializer {
  const target: new () => object = type;
  const one: Serializer = (value) => {
    if (typeof value !== "object" || value === null) return value;
    return instanceToPlain(value instanceof target ? value : plainToInstance(target, value));
  };
  return (value) => (Array.isArray(value) ? value.map(one) : one(value));
}

function checkHasRules(type: Class, where: string): void {
  if (getMetadataStorage().getTargetValidationMetadatas(type, "", true, false).length === 0) {
    // That of socket.io is another class.
    const hint = type.name === "Socket" ? ' The Socket that handlers get is that of "rookery".' : "";
    throw new GatewayError("GATEWAY_DTO_WITHOUT_RULES", { values: { where, type: tokenName(type), hint } });
  }
}
