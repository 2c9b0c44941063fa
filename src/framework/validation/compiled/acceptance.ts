import type { DtoClass } from "./class-shape.js";
import { generated, type NameOf } from "./code.js";
import { copyOf } from "./conversion.js";
import { failureOf, Run, type Failure } from "./failure.js";
import { withoutStrays, type MadeProperty, type Making, type NestedType } from "./making.js";
import type { PropertyCheck } from "./property-check.js";

/** An instance that is not valid, and why. */
export class Rejected {
  readonly instance: object;
  readonly failures: readonly Failure[];

  constructor(instance: object, failures: readonly Failure[]) {
    this.instance = instance;
    this.failures = failures;
  }
}

/**
 * Makes an instance and judges it on the way.
 *
 * @returns `undefined` for what it takes more to make an instance of.
 * @throws whatever making an instance throws, and whatever the messages of a class throw.
 */
export type Accept = (source: unknown) => object | Rejected | undefined;

/** A class whose instances hold what has a rule and nothing else, and are judged by quick tests. */
export interface AcceptedClass {
  readonly making: Making;
  /** The rules of each property, by its name. */
  readonly checks: ReadonlyMap<string, PropertyCheck>;
}

/** @returns `undefined` when it takes more than quick tests to judge instances of the class. */
export type FindAccepted = (type: DtoClass) => AcceptedClass | undefined;

/**
 * Writes one function for a class and all that is nested in it, for the payloads that are nearly all: plain data, objects
 * and lists where they belong. What no quick test accepts is judged when its object is complete.
 *
 * @param maxWrongItems - with more of them in a list it is not gone on.
 * @returns `undefined` when there is no such function.
 */
export function acceptanceOf(type: DtoClass, find: FindAccepted, maxWrongItems: number): Accept | undefined {
  const classes = new Map<DtoClass, AcceptedClass>();
  if (!collect(type, find, classes)) return undefined;
  return generated<Accept>((nameOf) => {
    const functions = [...classes.values()].map((accepted) => classFunctions(accepted, maxWrongItems, nameOf));
    // What is wrong with an object is told beside it, as nearly always nothing is.
    return `let failures;
${functions.join("")}return (source) => {
  failures = undefined;
  const made = accept${nameOf(type)}(source);
  return failures === undefined || made === undefined ? made : new ${nameOf(Rejected)}(made, failures);
};`;
  });
}

/** @returns whether all classes that it comes upon can be accepted here. */
function collect(type: DtoClass, find: FindAccepted, classes: Map<DtoClass, AcceptedClass>): boolean {
  if (classes.has(type)) return true;
  const accepted = find(type);
  if (accepted === undefined) return false;
  classes.set(type, accepted);
  return accepted.making.properties.every((made) => {
    if (made.isGuarded || !made.isSteady) return false;
    const nesting = accepted.checks.get(made.property)?.nesting;
    if (nesting !== "once") return nesting === "no";
    return made.nested !== undefined && collect(made.nested.type, find, classes);
  });
}

function classFunctions({ making, checks }: AcceptedClass, maxWrongItems: number, nameOf: NameOf): string {
  const { type, properties, isFixed } = making;
  const name = nameOf(type);
  const reads = properties.map(({ property }, index) => `  let v${index} = source[${JSON.stringify(property)}];`);
  const judgements = properties.map((made, index) => {
    const check = checks.get(made.property) as PropertyCheck;
    return judgement({ made, check, value: `v${index}` }, nameOf);
  });
  // Read first, so that the engine knows of what shape the source is when it is asked for the prototype.
  return `const accept${name} = (source) => {
  if (typeof source !== "object" || source === null) return undefined;
${reads.join("\n")}
  if (Object.getPrototypeOf(source) !== Object.prototype) return undefined;
  const made = new ${name}();
  let wrong;
${judgements.join("\n")}
${isFixed ? assignments(properties) : assignmentsInSourceOrder(properties)}
${withoutStrays(making)}
  if (wrong !== undefined) failures = ${nameOf(judged)}(made, wrong);
  return made;
};
const acceptAll${name} = (items) => {
  const list = [];
  let wrong;
  for (let index = 0; index < items.length; index++) {
    const item = accept${name}(items[index]);
    if (item === undefined) return undefined;
    list.push(item);
    if (failures !== undefined) {
      if (wrong !== undefined && wrong.length >= ${maxWrongItems}) return undefined;
      wrong = ${nameOf(addItem)}(wrong, index, item, failures);
      failures = undefined;
    }
  }
  failures = wrong;
  return list;
};
`;
}

/** A property that breaks a rule, or holds an object that does. */
interface Problem {
  readonly check: PropertyCheck;
  /** What is wrong below it, when that is all. */
  readonly failures: Failures;
}

type Failures = readonly Failure[] | undefined;

function addProblem(problems: Problem[] | undefined, check: PropertyCheck, failures: Failures): Problem[] {
  if (problems === undefined) return [{ check, failures }];
  // Where the property's own rules are judged, so is what is nested.
  if (problems.at(-1)?.check !== check) problems.push({ check, failures });
  return problems;
}

function addItem(failures: Failure[] = [], index: number, item: object, below: readonly Failure[]): Failure[] {
  failures.push(failureOf(index, item, below));
  return failures;
}

function judged(made: object, wrong: readonly Problem[]): Failures {
  const failures: Failure[] = [];
  for (const { check, failures: below } of wrong) {
    const value = (made as Record<string, unknown>)[check.property];
    const failure = below === undefined ? check.judge(made, value, RUN) : failureOf(check.property, value, below);
    if (failure !== undefined) failures.push(failure);
  }
  return failures.length === 0 ? undefined : failures;
}

/** Rules that have quick tests are all synchronous: nothing is kept in it. */
const RUN = new Run(false);

/** Where a property's value is converted and tested. */
interface Place {
  readonly made: MadeProperty;
  readonly check: PropertyCheck;
  readonly value: string;
}

function judgement({ made, check, value }: Place, nameOf: NameOf): string {
  const { nesting, isOptional, quickTests = [] } = check;
  const property = JSON.stringify(made.property);
  const isMissing = `${value} === undefined && !Object.hasOwn(source, ${property})`;
  const tests = quickTests.map((quickTest) => `(${quickTest(value, nameOf)})`);
  const isThere = isOptional ? `if (${value} !== undefined && ${value} !== null) ` : "";
  const isWrong = `if (!(${tests.join(" && ")})) wrong = ${nameOf(addProblem)}(wrong, ${nameOf(check)}, undefined);`;
  if (nesting === "no") {
    const converted = conversion(made, value, nameOf);
    const read = made.isPreset ? `if (${isMissing}) ${value} = made[${property}];\n  else ${converted}` : converted;
    return `  ${read}${tests.length === 0 ? "" : `\n  ${isThere}${isWrong}`}`;
  }
  return `${made.isPreset ? `  if (${isMissing}) return undefined;\n` : ""}  ${isThere}{
    ${nestedConversion(made.nested as NestedType, value, nameOf)}
    if (${value} === undefined) return undefined;
    ${tests.length === 0 ? "" : isWrong}
    if (failures !== undefined) {
      wrong = ${nameOf(addProblem)}(wrong, ${nameOf(check)}, failures);
      failures = undefined;
    }
  }`;
}

function conversion({ convert }: MadeProperty, value: string, nameOf: NameOf): string {
  if (convert !== undefined) return `${value} = ${nameOf(convert)}(${value}, made, source);`;
  return `if (typeof ${value} === "object") ${value} = ${nameOf(copyOf)}(${value});`;
}

function nestedConversion(nested: NestedType, value: string, nameOf: NameOf): string {
  const type = nameOf(nested.type);
  const one = `accept${type}(${value})`;
  const converted = nested.keepsLists ? `Array.isArray(${value}) ? acceptAll${type}(${value}) : ${one}` : one;
  return `if (${nameOf(nested.typeFunction)}() !== ${type}) return undefined;
    ${value} = ${converted};`;
}

function assignments(properties: readonly MadeProperty[]): string {
  return properties.map(({ property }, index) => `  made[${JSON.stringify(property)}] = v${index};`).join("\n");
}

function assignmentsInSourceOrder(properties: readonly MadeProperty[]): string {
  const cases = properties.map(({ property }, index) => {
    const name = JSON.stringify(property);
    return `      case ${name}: made[${name}] = v${index}; break;`;
  });
  return `  for (const key of Object.keys(source)) {
    switch (key) {
${cases.join("\n")}
    }
  }`;
}
