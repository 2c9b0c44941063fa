import type { Failure, Run } from "./failure.js";
import type { PropertyCheck } from "./property-check.js";

/** @returns the failures, in the order of the properties; `undefined` when there are none. */
export type CheckProperties = (object: object, run: Run) => Failure[] | undefined;

/** One check after the other, where code may not be made of text. */
export function inTurn(properties: readonly PropertyCheck[]): CheckProperties {
  return (object, run) => {
    let failures: Failure[] | undefined;
    for (const property of properties) {
      const failure = property.check(object, run);
      if (failure !== undefined) (failures ??= []).push(failure);
    }
    return failures;
  };
}

/**
 * The same as one function of straight code, so that the engine sees which property each place reads and can inline the
 * tests: a loop over all properties takes about five times as long (bench/micro/validation.ts). All that stands in the
 * text are names of properties, as JSON, and indexes.
 */
export function unrolled(properties: readonly PropertyCheck[]): CheckProperties {
  const tests = properties.flatMap(({ quickTests }) => quickTests ?? []);
  const body = `"use strict";
const none = [];
${tests.map((_test, index) => `const t${index} = tests[${index}];`).join("\n")}
${properties.map((_property, index) => `const p${index} = properties[${index}], u${index} = p${index}.usual;`).join("\n")}
${properties.map(itemLoop).join("\n")}
return (object, run) => {
  let failures, failure, value;
${blocks(properties).join("\n")}
  return failures;
};`;
  const make = compiled(body, "properties", "tests") as
    ((properties: readonly PropertyCheck[], tests: readonly unknown[]) => CheckProperties) | undefined;
  return make === undefined ? inTurn(properties) : make(properties, tests);
}

function blocks(properties: readonly PropertyCheck[]): string[] {
  let next = 0;
  return properties.map(({ property, quickTests, isOptional, nesting }, index) => {
    const judged = `p${index}.judge(object, value, run)`;
    const tests = quickTests?.map(() => `t${next++}(value)`);
    const accepted = nesting === "no" ? "undefined" : nestedCheck(nesting, index);
    const checked = tests?.length === 0 ? accepted : `${tests?.join(" && ")} ? (${accepted}) : ${judged}`;
    const skipped = isOptional ? "value === undefined || value === null ? undefined : " : "";
    return `  value = object[${JSON.stringify(property)}];
  failure = ${tests === undefined ? judged : skipped + checked};
  if (failure !== undefined) (failures ??= []).push(failure);`;
  });
}

/** Objects of the usual class, and lists of them, where they are; the rest by a call. */
function nestedCheck(nesting: PropertyCheck["nesting"], index: number): string {
  const called = `p${index}.checkNested(object, value, run)`;
  if (nesting !== "once") return called;
  const checked = `p${index}.holding(value, u${index}.check.check(value, run))`;
  return `${isUsual("value", index)} ? ${checked} : Array.isArray(value) ? l${index}(value, run) : ${called}`;
}

function itemLoop({ nesting }: PropertyCheck, index: number): string {
  if (nesting !== "once") return "";
  return `const l${index} = (list, run) => {
  for (let index = 0; index < list.length; index++) {
    const item = list[index];
    const wrong = ${isUsual("item", index)} ? u${index}.check.check(item, run) : none;
    if (wrong !== undefined) return p${index}.checkItemsFrom(list, index, wrong === none ? undefined : wrong, run);
  }
};`;
}

function isUsual(value: string, index: number): string {
  return `typeof ${value} === "object" && ${value} !== null && ${value}.constructor === u${index}.type`;
}

/** @returns `undefined` where code may not be made of text (`--disallow-code-generation-from-strings`). */
export function compiled(body: string, ...parameters: string[]): ((...args: never[]) => unknown) | undefined {
  try {
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- see unrolled(): no text of a client gets here
    return new Function(...parameters, body) as (...args: never[]) => unknown;
  } catch (error) {
    if (error instanceof EvalError) return undefined;
    throw error;
  }
}
