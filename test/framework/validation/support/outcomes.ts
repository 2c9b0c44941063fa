import { instanceToPlain, plainToInstance } from "class-transformer";
import { validate, type ValidationError, type ValidatorOptions } from "class-validator";
import { GatewayException, type ValidationOptions } from "rookery";
import { hasHoles } from "../../../../src/framework/validation/holes.js";
import { dtoValidator } from "../../../../src/framework/validation/dto-validator.js";

/** What becomes of a payload, written so that two outcomes can be compared: `accepted …`, `refused …` or `thrown …`. */
export type Outcome = string;

export type DtoClass = new () => object;

/** By class-transformer and class-validator themselves. */
export async function outcomeOfLibraries(
  type: DtoClass,
  payload: object,
  options: ValidationOptions,
): Promise<Outcome> {
  let instance: object;
  try {
    instance = plainToInstance(type, payload, options.transformOptions);
    // The one thing that is meant to be otherwise.
    if (options.transformOptions && hasHoles(instance)) throw new RangeError("a list with holes");
  } catch {
    return UNREADABLE;
  }
  const { transform, transformOptions, groups, ...rest } = options;
  const settings: ValidatorOptions = { whitelist: true, ...rest, ...(groups && { groups: [...groups] }) };
  try {
    const errors = await validate(instance, settings);
    if (errors.length > 0) return refused(flatten(errors, "", false));
  } catch (error) {
    return `thrown ${String(error)}`;
  }
  try {
    return `accepted ${describeValue(transform === false ? instanceToPlain(instance, transformOptions) : instance)}`;
  } catch {
    return UNREADABLE;
  }
}

/** By Rookery, compiled once. */
export function rookeryFor(type: DtoClass, options: ValidationOptions): (payload: object) => Promise<Outcome> {
  const unbounded = { maxIssues: Infinity, maxMessageLength: Infinity };
  const place = { type, isArray: false, argument: undefined, where: "a test" };
  const validator = dtoValidator(place, { ...options, ...unbounded });
  return async (payload) => {
    try {
      return `accepted ${describeValue(await validator.validate(payload))}`;
    } catch (error) {
      return GatewayException.is(error) ? refused(error.details) : `thrown ${String(error)}`;
    }
  };
}

function refused(issues: unknown): Outcome {
  return `refused ${JSON.stringify(issues, undefined, 1)}`;
}

/** What the payload makes class-transformer throw is the payload's fault. */
const UNREADABLE = refused([{ path: "", constraints: { transform: "cannot be read" } }]);

/** Class, properties in their order and all that is in them. */
export function describeValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(describeValue).join()}]`;
  if (typeof value !== "object" || value === null)
    return typeof value === "string" ? JSON.stringify(value) : String(value);
  const name = (Object.getPrototypeOf(value) as { constructor?: { name?: string } } | null)?.constructor?.name ?? "?";
  if (value instanceof Date) return `Date ${value.getTime()}`;
  if (value instanceof Buffer) return `Buffer ${value.toString("hex")}`;
  if (value instanceof Map || value instanceof Set)
    return `${name} ${describeValue([...(value as Iterable<unknown>)])}`;
  return `${name} {${Object.entries(value).map(([key, item]) => `${key}: ${describeValue(item)}`).join()}}`; // prettier-ignore
}

function flatten(errors: readonly ValidationError[], path: string, isList: boolean): object[] {
  return errors.flatMap(({ property, constraints, children, value }) => {
    const name = property as string | undefined;
    const place = name === undefined ? path : isList ? `${path}[${name}]` : path === "" ? name : `${path}.${name}`;
    const holdsItems = Array.isArray(value) || value instanceof Set || value instanceof Map;
    return [...(constraints ? [{ path: place, constraints }] : []), ...flatten(children ?? [], place, holdsItems)];
  });
}
