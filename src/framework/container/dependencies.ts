import {
  isForwardReference,
  isToken,
  tokenName,
  type Class,
  type ForwardReference,
  type InjectionToken,
} from "../contracts/class.js";
import type { OptionalDependency } from "../contracts/module.js";
import { GatewayError } from "../errors.js";
import { INJECTIONS } from "../metadata/keys.js";
import { placeOf } from "../metadata/records.js";
import { at } from "../metadata/source-place.js";
import { constructorOwner, constructorTypes, ownRecord, propertyType, recordChain } from "../metadata/store.js";
import type { InjectionRecord, InjectionRecords, MethodKey } from "../metadata/types.js";

/** One thing that a provider asks for. */
export interface Dependency {
  readonly token: InjectionToken;
  readonly isOptional: boolean;
  /** Whether `forwardRef` names it: it may be given later than the rest. */
  readonly isForward: boolean;
  /** Which parameter or property, for errors. */
  readonly where: string;
  /** The property it is put into; `undefined` for parameters. */
  readonly property: MethodKey | undefined;
}

/** What the container must find before it can make an instance: constructor parameters in order, then properties. */
export function classDependencies(target: Class): readonly Dependency[] {
  const owner = constructorOwner(target) as Class;
  const types = constructorTypes(owner);
  const records = injections(target, owner);
  if (types === undefined) checkEveryParameterNamed(owner, records);
  const count = Math.max(types?.length ?? 0, owner.length);
  const parameters = Array.from({ length: count }, (_, index) => {
    const where = `constructor parameter ${index + 1}`;
    return toDependency(target, { record: records.get(index), type: types?.[index], where, property: undefined });
  });
  const properties = [...records].flatMap(([property, record]) => {
    if (typeof property === "number") return [];
    const where = `property ${String(property)}`;
    return [toDependency(target, { record, type: propertyType(target, property), where, property })];
  });
  return [...parameters, ...properties];
}

/** @param owner - for errors, such as `the factory of "config"`. */
export function factoryDependencies(
  inject: readonly (InjectionToken | ForwardReference<InjectionToken> | OptionalDependency)[],
  owner: string,
): readonly Dependency[] {
  return inject.map((item: unknown, index) => {
    const where = `inject[${index}]`;
    const isLong = typeof item === "object" && item !== null && "token" in item;
    const { token: named, optional }: { readonly token: unknown; readonly optional?: unknown } = isLong
      ? item
      : { token: item };
    const token = isForwardReference(named) ? named.forwardRef() : named;
    if (!isToken(token)) throw untyped(`${owner}, ${where}`, token);
    return { token, isOptional: optional === true, isForward: isForwardReference(named), where, property: undefined };
  });
}

interface Place {
  readonly record: InjectionRecord | undefined;
  readonly type: unknown;
  readonly where: string;
  readonly property: MethodKey | undefined;
}

function toDependency(target: Class, { record, type, where, property }: Place): Dependency {
  const named = record?.token ?? type;
  const isForward = isForwardReference(named);
  const token = isForward ? named.forwardRef() : named;
  if (record?.isTokenMissing === true || !isToken(token) || NEVER_PROVIDED.has(token)) {
    throw untyped(
      `${at(tokenName(target), placeOf(target))}, ${where}`,
      record?.isTokenMissing === true ? undefined : token,
    );
  }
  return { token, isOptional: record?.isOptional ?? false, isForward, where, property };
}

/** What compilers write for interfaces, unions and primitives; nobody can mean them as tokens. */
const NEVER_PROVIDED = new Set<unknown>([Object, String, Number, Boolean, Array, Function, Promise, Symbol]);

/** Properties of the whole line of inheritance, the nearest class deciding; parameters of the one constructor that runs. */
function injections(target: Class, owner: Class): InjectionRecords {
  const properties = recordChain<InjectionRecords>(INJECTIONS, target).flatMap((records) =>
    [...records].filter(([place]) => typeof place !== "number"),
  );
  const parameters = [...ownRecord<InjectionRecords>(INJECTIONS, owner, () => new Map())].filter(
    ([place]) => typeof place === "number",
  );
  return new Map([...parameters, ...properties]);
}

function checkEveryParameterNamed(target: Class, records: InjectionRecords): void {
  for (let index = 0; index < target.length; index++) {
    if (records.get(index)?.token === undefined) {
      const code = placeOf(target) === undefined ? "GATEWAY_NOT_INJECTABLE" : "GATEWAY_MISSING_TYPE";
      const where = `constructor parameter ${index + 1} of ${at(tokenName(target), placeOf(target))}`;
      throw new GatewayError(code, { values: { where, example: "@Inject(token)" } });
    }
  }
}

function untyped(where: string, type: unknown): GatewayError {
  const found =
    type === undefined
      ? "has no type at run time: it is written without one, or two files import each other"
      : `is ${tokenName(type)} at run time, as interfaces, unions, primitives and import cycles are`;
  return new GatewayError("GATEWAY_UNNAMED_DEPENDENCY", { values: { where, found } });
}
