import { isThenable } from "../../common/index.js";
import type { SchemaIssue, SchemaResult, StandardSchema } from "../contracts/standard-schema.js";
import { GatewayError } from "../errors.js";
import { chain, mapInOrder } from "../thenable.js";
import { IssueList, placeIn, type IssueLimits } from "./issue-list.js";
import { invalidArgument } from "./issues.js";
import type { Serializer, Validator } from "./validator.js";
import { withoutInheritedNames } from "./untrusted.js";
import { withoutValue } from "./without-value.js";

/** Which parameter is checked against which schema. */
export interface SchemaPlace {
  readonly schema: StandardSchema;
  readonly isArray: boolean;
  readonly argument: number | undefined;
}

/** Checks against a schema of whatever library; the handler gets what the schema makes of the value. */
export function schemaValidator({ schema, isArray, argument }: SchemaPlace, limits: IssueLimits): Validator {
  const check = (value: unknown): unknown => schema["~standard"].validate(value);
  const accept = (value: unknown, results: readonly SchemaResult[]): readonly unknown[] => {
    const issues = new IssueList(argument, limits);
    results.forEach((result, index) => {
      const [item, path] = isArray ? [(value as unknown[])[index], `[${index}]`] : [value, ""];
      for (const issue of result.issues ?? []) addIssue(issues, issue, { value: item, path });
    });
    if (issues.refusal !== undefined) throw issues.refusal;
    return results.map((result) => (result as { readonly value: unknown }).value);
  };
  const validate = (given: unknown): unknown => {
    const value = readable(given, argument);
    if (isArray && !Array.isArray(value)) throw invalidArgument("array", "must be an array", argument);
    const results = isArray ? mapInOrder(value as unknown[], check) : [check(value)];
    const outcome = (known: unknown[]): unknown => {
      const values = accept(value, known as SchemaResult[]);
      return isArray ? values : values[0];
    };
    return results.some(isThenable) ? Promise.all(results).then(outcome) : outcome(results);
  };
  return { validate, mayWait: true, argument };
}

/** Which answers a schema writes. */
export interface AnswerPlace extends Pick<SchemaPlace, "schema" | "isArray"> {
  /** For the error, such as `ChatGateway.send`. */
  readonly where: string;
}

/** Writes a reply, or each of a list, as the schema makes it. */
export function schemaSerializer({ schema, isArray, where }: AnswerPlace): Serializer {
  const refuse = (detail: string): never => {
    throw new GatewayError("GATEWAY_BAD_ANSWER", { values: { where, detail } });
  };
  const accept = (result: unknown, start: string): unknown => {
    const { issues } = result as SchemaResult;
    if (issues === undefined) return (result as { readonly value: unknown }).value;
    return refuse(issues.map(({ path, message }) => `${pathOf(path, start) || "the answer"}: ${message}`).join("; "));
  };
  const one = (value: unknown, start: string): unknown =>
    chain(schema["~standard"].validate(value), (result) => accept(result, start));
  if (!isArray) return (value) => one(value, "");
  return (values) => {
    if (!Array.isArray(values)) return refuse("the answer: must be an array");
    const items = mapInOrder([...values.entries()], ([index, item]) => one(item, `[${index}]`));
    return items.some(isThenable) ? Promise.all(items) : items;
  };
}

/** Schemas may copy keys one by one: those that every object inherits never get to them. */
function readable(value: unknown, argument: number | undefined): unknown {
  try {
    return withoutInheritedNames(value);
  } catch (error) {
    if (error instanceof RangeError) throw invalidArgument("schema", "cannot be read", argument);
    throw error;
  }
}

interface Checked {
  readonly value: unknown;
  readonly path: string;
}

/** Issues have no names that all libraries share: each is a constraint `schema`. */
function addIssue(issues: IssueList, { message, path }: SchemaIssue, { value, path: start }: Checked): void {
  issues.add(pathOf(path, start), { schema: withoutValue(message, valueAt(value, path)) });
}

function pathOf(path: SchemaIssue["path"], start: string): string {
  return keysOf(path).reduce<string>((place, key) => placeIn(place, key, typeof key === "number"), start);
}

function valueAt(value: unknown, path: SchemaIssue["path"]): unknown {
  return keysOf(path).reduce<unknown>(
    (current, key) =>
      typeof current === "object" && current !== null && Object.hasOwn(current, key)
        ? (current as Record<PropertyKey, unknown>)[key]
        : undefined,
    value,
  );
}

function keysOf(path: SchemaIssue["path"] = []): readonly PropertyKey[] {
  return path.map((segment) => (typeof segment === "object" ? segment.key : segment));
}
