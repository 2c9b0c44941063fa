import {
  getMetadataStorage,
  type MetadataStorage,
  type ValidationArguments,
  type ValidatorConstraintInterface,
} from "class-validator";
import { tokenName } from "../../contracts/class.js";
import { GatewayError } from "../../errors.js";

/** One decorator on one property, as class-validator recorded it. */
export type RuleMetadata = ReturnType<MetadataStorage["getTargetValidationMetadatas"]>[number];

/** The validator classes behind a decorator. */
export type ValidatorMetadata = ReturnType<MetadataStorage["getTargetValidatorConstraints"]>[number];

export type { MetadataStorage, ValidationArguments, ValidatorConstraintInterface };

/** What class-validator looks at when it selects the rules of a class. */
export interface Selection {
  readonly groups: string[] | undefined;
  readonly always: boolean;
  readonly strictGroups: boolean;
}

/**
 * The rules of a class that hold under the options, inherited ones included, by property, in class-validator's order.
 *
 * @throws GatewayError `GATEWAY_INHERITED_NAME` for rules that class-validator itself cannot group.
 */
export function selectRules(type: object, { groups, always, strictGroups }: Selection): Map<string, RuleMetadata[]> {
  const storage = getMetadataStorage();
  const rules = storage.getTargetValidationMetadatas(type as () => void, "", always, strictGroups, groups);
  const inherited = rules.find(({ propertyName }) => propertyName in Object.prototype);
  if (inherited !== undefined) {
    const values = { type: tokenName(type), property: inherited.propertyName };
    throw new GatewayError("GATEWAY_INHERITED_NAME", { values });
  }
  return new Map(Object.entries(storage.groupByPropertyName(rules)));
}

export function validatorsOf({ constraintCls }: RuleMetadata): readonly ValidatorMetadata[] {
  return getMetadataStorage().getTargetValidatorConstraints(constraintCls);
}
