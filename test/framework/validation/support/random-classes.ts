import { inspect } from "node:util";
import { Type } from "class-transformer";
import { defaultMetadataStorage } from "class-transformer/cjs/storage.js";
import {
  Allow,
  getMetadataStorage,
  IsOptional,
  Validate,
  ValidateIf,
  ValidateNested,
  type ValidationOptions,
  ValidatorConstraint,
} from "class-validator";
import fc from "fast-check";
import { BUILT_IN_DECORATORS } from "./built-in-decorators.js";
import type { DtoClass } from "./outcomes.js";

/** How a class is made: several of them in a list, in which they name each other by their place. */
export interface ClassPlan {
  /** One that it extends, of those before it; itself or a later one for none. */
  readonly base: number;
  readonly properties: readonly PropertyPlan[];
}

interface PropertyPlan {
  readonly name: string;
  /** How the field stands in the class; "" when only its decorators tell of it. */
  readonly field: string;
  readonly isOptional: boolean;
  /** A class for what is nested in it. */
  readonly nested: number | undefined;
  readonly reflected: object | undefined;
  readonly rules: readonly RulePlan[];
}

interface RulePlan {
  /** Which decorator, counted over all of them. */
  readonly decorator: number;
  readonly options: ValidationOptions | undefined;
}

type Decorate = (options?: ValidationOptions) => PropertyDecorator;

@ValidatorConstraint({ name: "isLater", async: true })
class Later {
  async validate(value: unknown): Promise<boolean> {
    return Promise.resolve(value !== "a" && value !== 5);
  }
}

@ValidatorConstraint({ name: "isString" })
class Lenient {
  validate(value: unknown): boolean {
    // Sees what is nested as it came.
    return !inspect(value, { depth: 9 }).includes("unknown");
  }

  defaultMessage(): string {
    return "$target.$property is $value";
  }
}

/** How long what is nested is, the messages of these tell: as it came, or without what has no rule. */
const LENGTHS: readonly string[] = ["IsLength", "Length", "MinLength", "MaxLength"];

const DECORATORS: readonly Decorate[] = [
  ...Object.entries(BUILT_IN_DECORATORS).flatMap(([name, factories]) => (LENGTHS.includes(name) ? [] : factories)),
  (options) => Validate(Later, options),
  (options) => Validate(Lenient, options),
  (options) => ValidateIf((object: { readonly count?: unknown }) => object.count !== 1, options),
];

const FIELDS = ["", "@;", "@;", "@ = 5;", '@ = "a";', "@ = [];", "@ = { count: 1 };", "@ = () => 1;", "@ = undefined;", "get @() { return 1; }", "set @(value) { this.set = value; }", "@() {}"]; // prettier-ignore

const ruleOptions: fc.Arbitrary<ValidationOptions> = fc.record(
  {
    each: fc.boolean(),
    always: fc.boolean(),
    groups: fc.constantFrom([], ["x"], ["x", "y"]),
    message: fc.constantFrom<ValidationOptions["message"]>(
      "$property of $target is $value, not $constraint1",
      "",
      ({ property, value }) => `${property} is ${typeof value}`,
    ),
    validateIf: fc.constant((_object: unknown, value: unknown) => typeof value !== "boolean"),
  },
  { requiredKeys: [] },
);

const maybe = <T>(arbitrary: fc.Arbitrary<T>, freq: number): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq });

/** Half of them are the last few, which accept much. */
const decorator = fc.oneof(
  fc.nat(DECORATORS.length - 1),
  fc.integer({ min: DECORATORS.length - 3, max: DECORATORS.length - 1 }),
);

const property: fc.Arbitrary<PropertyPlan> = fc.record({
  name: fc.constantFrom("text", "count", "flag", "leaf", "list", "tags", "7", "toJSON"),
  field: fc.constantFrom(...FIELDS),
  isOptional: fc.boolean(),
  nested: maybe(fc.nat(3), 1),
  reflected: maybe(fc.constantFrom<object>(Array, Object, Set, Map, String, Number), 1),
  rules: fc.array(fc.record({ decorator, options: maybe(ruleOptions, 1) }), { maxLength: 2 }),
});

export const classPlans: fc.Arbitrary<readonly ClassPlan[]> = fc.array(
  fc.record({
    base: fc.nat(3),
    properties: fc.uniqueArray(property, { selector: ({ name }) => name, minLength: 1, maxLength: 4 }),
  }),
  { minLength: 1, maxLength: 3 },
);

/** Makes the classes of a plan; the first of them is the one for payloads. */
export function makeClasses(plans: readonly ClassPlan[]): readonly [DtoClass, ...DtoClass[]] {
  const types: DtoClass[] = [];
  for (const { base, properties } of plans) types.push(classOf(properties, types[base]));
  plans.forEach(({ properties }, index) => {
    for (const plan of properties) decorate((types[index] as DtoClass).prototype as object, plan, types);
  });
  return types as [DtoClass, ...DtoClass[]];
}

/** The libraries search all classes that there are on every call. */
export function forgetClasses(types: readonly DtoClass[]): void {
  const { validationMetadatas } = getMetadataStorage() as unknown as { validationMetadatas: Map<unknown, unknown> };
  for (const type of types) {
    validationMetadatas.delete(type);
    defaultMetadataStorage._typeMetadatas.delete(type);
  }
}

function classOf(properties: readonly PropertyPlan[], base: DtoClass | undefined): DtoClass {
  const members = properties.map(({ name, field }) => field.replace("@", JSON.stringify(name)));
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- jest would compile the fields away
  const make = new Function("Base", `return class Dto ${base ? "extends Base" : ""} { ${members.join(" ")} }`);
  return make(base) as DtoClass;
}

function decorate(
  prototype: object,
  { name, isOptional, nested, reflected, rules }: PropertyPlan,
  types: readonly DtoClass[],
): void {
  if (reflected !== undefined) Reflect.defineMetadata("design:type", reflected, prototype, name);
  Allow()(prototype, name);
  if (isOptional) IsOptional()(prototype, name);
  if (nested !== undefined) {
    ValidateNested()(prototype, name);
    Type(() => types[nested % types.length] as DtoClass)(prototype, name);
  }
  for (const { decorator, options } of rules) (DECORATORS[decorator] as Decorate)(options)(prototype, name);
}
