import { suggest } from "../near.js";

/** The part of JSON Schema that nest-cli-like.schema.json uses; a test holds `findProblem` against a full validator. */
export interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly type?: "object" | "array" | "string" | "boolean";
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: false | Schema;
  readonly propertyNames?: { readonly pattern: string };
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly uniqueItems?: boolean;
  readonly minLength?: number;
}

/** What is wrong with a value, where, and what to do. */
export interface SchemaProblem {
  readonly problem: string;
  readonly mend: string;
}

type Check = (value: unknown, path: string) => SchemaProblem | undefined;

const NAMES = { object: "an object", array: "a list", string: "text", boolean: "true or false" };

/** The first problem of a value; `undefined` when it has none. */
export function findProblem(value: unknown, schema: Schema): SchemaProblem | undefined {
  return checkOf(schema, schema.$defs ?? {})(value, "");
}

function checkOf(schema: Schema, definitions: Readonly<Record<string, Schema>>): Check {
  if (schema.$ref !== undefined) {
    return checkOf(definitions[schema.$ref.replace("#/$defs/", "")] ?? {}, definitions);
  }
  return (value, path) =>
    checkKind(value, schema, path) ??
    (isObject(value) ? checkObject(value, schema, { path, definitions }) : undefined) ??
    (Array.isArray(value) ? checkItems(value, schema, { path, definitions }) : undefined);
}

interface Place {
  readonly path: string;
  readonly definitions: Readonly<Record<string, Schema>>;
}

function checkKind(value: unknown, { type, enum: choices, minLength = 0 }: Schema, path: string) {
  if (choices !== undefined && !choices.includes(value as string)) {
    return problem(path, `is ${show(value)}, expected ${choices.join(" or ")}`, suggest(String(value), choices));
  }
  if (type !== undefined && !isOfType(value, type)) {
    return problem(path, `is ${show(value)}, expected ${NAMES[type]}`, `Write ${NAMES[type]}, or leave it out.`);
  }
  if (typeof value !== "string" || value.length >= minLength) return undefined;
  return problem(path, "is empty", "Give it a value, or leave it out.");
}

function checkObject(value: Readonly<Record<string, unknown>>, schema: Schema, { path, definitions }: Place) {
  const { properties = {}, additionalProperties, propertyNames, required = [] } = schema;
  const missing = required.find((key) => !Object.hasOwn(value, key));
  if (missing !== undefined) return problem(join(path, missing), "is missing", "Add it.");
  for (const [key, item] of Object.entries(value)) {
    const place = join(path, key);
    if (propertyNames !== undefined && !new RegExp(propertyNames.pattern).test(key)) {
      return problem(place, "is no name", "Take lower-case letters, digits, dots, dashes and underscores.");
    }
    const known = Object.hasOwn(properties, key) ? properties[key] : additionalProperties;
    if (known === false) return problem(place, "is unknown", suggest(key, Object.keys(properties)));
    const found = known && checkOf(known, definitions)(item, place);
    if (found !== undefined) return found;
  }
  return undefined;
}

function checkItems(value: readonly unknown[], { items, uniqueItems }: Schema, { path, definitions }: Place) {
  const twice = uniqueItems === true ? value.findIndex((item, index) => value.indexOf(item) !== index) : -1;
  if (twice >= 0) return problem(path, `has ${show(value[twice])} twice`, "Take one away.");
  if (items === undefined) return undefined;
  const check = checkOf(items, definitions);
  for (const [index, item] of value.entries()) {
    const found = check(item, `${path}[${index}]`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isOfType(value: unknown, type: NonNullable<Schema["type"]>): boolean {
  if (type === "array") return Array.isArray(value);
  return type === "object" ? isObject(value) : typeof value === type;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function problem(path: string, text: string, mend: string): SchemaProblem {
  return { problem: `${path === "" ? "the whole" : path} ${text}`, mend };
}

function join(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

function show(value: unknown): string {
  return JSON.stringify(value);
}
