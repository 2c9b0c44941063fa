import type { ClassTransformOptions } from "class-transformer";

/** How DTO classes are checked; class-validator's options, with `whitelist` and `transform` on by default. */
export interface ValidationOptions {
  /** Removes properties without a rule. Default: `true`. */
  readonly whitelist?: boolean;
  /** Refuses payloads with such properties instead. Default: `false`. */
  readonly forbidNonWhitelisted?: boolean;
  /** Refuses objects whose class has no rule at all. Default: `true`. */
  readonly forbidUnknownValues?: boolean;
  /** Hands an instance of the DTO class to the handler; otherwise a plain object of what was checked. Default: `true`. */
  readonly transform?: boolean;
  /** For class-transformer, such as `{ enableImplicitConversion: true }`. Instances are then made by it, which takes longer. */
  readonly transformOptions?: ClassTransformOptions;
  /** Rules of these groups hold, and those that hold always. */
  readonly groups?: readonly string[];
  /** Without `groups`, leaves out the rules that belong to a group. Default: `false`. */
  readonly strictGroups?: boolean;
  /** Rules without a group hold whatever `groups` says. Default: `false`. */
  readonly always?: boolean;
  /** Leaves properties alone that are `null` or missing. Default: `false`. */
  readonly skipMissingProperties?: boolean;
  readonly skipUndefinedProperties?: boolean;
  readonly skipNullProperties?: boolean;
  /** Stops at the first broken rule of each property. Default: `false`. */
  readonly stopAtFirstError?: boolean;
  /** Leaves messages empty that the DTO does not write itself. Default: `false`. */
  readonly dismissDefaultMessages?: boolean;
  /** How many things that are wrong a client is told of at once. @default 100 */
  readonly maxIssues?: number;
  /** Characters of a message, and of a path; the rest is cut off. @default 1_000 */
  readonly maxMessageLength?: number;
}
