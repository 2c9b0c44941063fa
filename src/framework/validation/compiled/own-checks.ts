import * as checks from "class-validator";
import type { RuleMetadata } from "./metadata.js";
import { originOf, validatorClassOf } from "./origin.js";
import * as quick from "./quick-tests.js";

type Given = readonly unknown[];

/** A decorator of class-validator, and what is made of the arguments that it was given. */
interface OwnCheck {
  readonly decorator: PropertyDecorator;
  readonly quickTest: (...constraints: Given) => quick.QuickTest | undefined;
  readonly refuses?: (...constraints: Given) => ((value: unknown) => boolean) | undefined;
}

/** What is known about a rule besides its validator. */
export interface Knowledge {
  /** Tells for sure that a value passes. */
  readonly quickTest: quick.QuickTest | undefined;
  /** Tells for sure that a value does not pass; only where the validator takes long to say so. */
  readonly refuses: ((value: unknown) => boolean) | undefined;
}

/** By the name under which class-validator records the check. */
const OWN_CHECKS: Readonly<Record<string, OwnCheck>> = {
  [checks.ARRAY_MAX_SIZE]: { decorator: checks.ArrayMaxSize(0), quickTest: quick.listOfAtMost },
  [checks.ARRAY_MIN_SIZE]: { decorator: checks.ArrayMinSize(0), quickTest: quick.listOfAtLeast },
  [checks.ARRAY_NOT_EMPTY]: { decorator: checks.ArrayNotEmpty(), quickTest: () => quick.isFilledList },
  [checks.EQUALS]: { decorator: checks.Equals(0), quickTest: quick.equalTo },
  [checks.IS_ARRAY]: { decorator: checks.IsArray(), quickTest: () => quick.isList },
  [checks.IS_BOOLEAN]: { decorator: checks.IsBoolean(), quickTest: () => quick.isTruthValue },
  [checks.IS_DATE]: { decorator: checks.IsDate(), quickTest: () => quick.isValidDate },
  [checks.IS_EMAIL]: { decorator: checks.IsEmail(), quickTest: quick.shortEmail, refuses: quick.noEmail },
  [checks.IS_ENUM]: { decorator: checks.IsEnum({}), quickTest: quick.valueOf },
  [checks.IS_IN]: { decorator: checks.IsIn([]), quickTest: quick.oneOf },
  [checks.IS_INT]: { decorator: checks.IsInt(), quickTest: () => quick.isWhole },
  [checks.IS_LENGTH]: { decorator: checks.Length(0), quickTest: quick.lengthBetween },
  [checks.IS_NUMBER]: { decorator: checks.IsNumber(), quickTest: quick.numberTest },
  [checks.IS_OBJECT]: { decorator: checks.IsObject(), quickTest: () => quick.isObject },
  [checks.IS_STRING]: { decorator: checks.IsString(), quickTest: () => quick.isText },
  [checks.IS_UUID]: { decorator: checks.IsUUID(), quickTest: quick.randomUuid },
  [checks.MATCHES]: { decorator: checks.Matches(/./), quickTest: quick.matching },
  [checks.MAX]: { decorator: checks.Max(0), quickTest: quick.atMost },
  [checks.MAX_LENGTH]: { decorator: checks.MaxLength(0), quickTest: (max) => quick.lengthBetween(0, max) },
  [checks.MIN]: { decorator: checks.Min(0), quickTest: quick.atLeast },
  [checks.MIN_LENGTH]: { decorator: checks.MinLength(0), quickTest: (min) => quick.lengthBetween(min, undefined) },
};

const origins = new Map<string, string | undefined>();

/** @returns `undefined` when the rule is not class-validator's own: applications may give theirs the same name. */
export function knowledgeOf({ name, constraints, constraintCls }: RuleMetadata): Knowledge | undefined {
  if (name === undefined || !Object.hasOwn(OWN_CHECKS, name)) return undefined;
  const own = OWN_CHECKS[name];
  if (own === undefined) return undefined;
  if (!origins.has(name)) origins.set(name, originOf(validatorClassOf(own.decorator)));
  const origin = origins.get(name);
  if (origin === undefined || origin !== originOf(constraintCls)) return undefined;
  const given = (constraints as Given | undefined) ?? [];
  return { quickTest: own.quickTest(...given), refuses: own.refuses?.(...given) };
}
