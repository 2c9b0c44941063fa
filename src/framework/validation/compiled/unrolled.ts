import { generated, type NameOf } from "./code.js";
import type { Failure, Run } from "./failure.js";
import type { PropertyCheck } from "./property-check.js";

/** @returns the failures, in the order of the properties; `undefined` when there are none. */
export type CheckProperties = (object: object, run: Run) => Failure[] | undefined;

/** One check after the other, where code may not be made of text. */
export function inTurn(properties: readonly PropertyCheck[]): CheckProperties {
  return (object, run) => {
    let failures: Failure[] | undefined;
    for (const property of properties) {
      const value = (object as Record<string, unknown>)[property.property];
      const failure = property.judge(object, value, run);
      if (failure !== undefined) (failures ??= []).push(failure);
    }
    return failures;
  };
}

/** The same as one function of straight code. */
export function unrolled(properties: readonly PropertyCheck[]): CheckProperties {
  return (
    generated<CheckProperties>((nameOf) => {
      const names = properties.map((property) => ({ check: nameOf(property), usual: nameOf(property.usual) }));
      const blocks = properties.map((property, index) => block(property, names[index] as Names, nameOf));
      const loops = properties.map((property, index) => itemLoop(property, names[index] as Names));
      return `const none = [];
${loops.join("")}
return (object, run) => {
  let failures, failure, value;
${blocks.join("\n")}
  return failures;
};`;
    }) ?? inTurn(properties)
  );
}

/** What stands for a property in the text. */
interface Names {
  readonly check: string;
  readonly usual: string;
}

function block({ property, quickTests, isOptional, nesting }: PropertyCheck, names: Names, nameOf: NameOf): string {
  const judged = `${names.check}.judge(object, value, run)`;
  const tests = quickTests?.map((test) => test("value", nameOf)).join(" && ");
  const accepted = nesting === "no" ? "undefined" : nestedCheck(nesting, names);
  const checked = tests === "" ? accepted : `${tests} ? (${accepted}) : ${judged}`;
  const skipped = isOptional ? "value === undefined || value === null ? undefined : " : "";
  return `  value = object[${JSON.stringify(property)}];
  failure = ${tests === undefined ? judged : skipped + checked};
  if (failure !== undefined) (failures ??= []).push(failure);`;
}

/** Objects of the usual class, and lists of them, where they are; the rest by a call. */
function nestedCheck(nesting: PropertyCheck["nesting"], names: Names): string {
  const called = `${names.check}.checkNested(object, value, run)`;
  if (nesting !== "once") return called;
  const checked = `${names.check}.holding(value, ${names.usual}.check.check(value, run))`;
  return `${isUsual("value", names)} ? ${checked} : Array.isArray(value) ? ${loopOf(names)}(value, run) : ${called}`;
}

function itemLoop({ nesting }: PropertyCheck, names: Names): string {
  if (nesting !== "once") return "";
  return `const ${loopOf(names)} = (list, run) => {
  for (let index = 0; index < list.length; index++) {
    const item = list[index];
    const wrong = ${isUsual("item", names)} ? ${names.usual}.check.check(item, run) : none;
    if (wrong !== undefined) return ${names.check}.checkItemsFrom(list, index, wrong === none ? undefined : wrong, run);
  }
};
`;
}

function loopOf({ check }: Names): string {
  return `${check}items`;
}

function isUsual(value: string, { usual }: Names): string {
  return `typeof ${value} === "object" && ${value} !== null && ${value}.constructor === ${usual}.type`;
}
