import type { ArgumentMetadata, PipeTransform } from "../contracts/pipe.js";
import type { ParameterContract, PayloadCheck } from "../gateway/contract.js";
import { chain } from "../thenable.js";
import type { Call } from "./call.js";

/** Leads one value through pipes; returns a thenable when one of them does. */
export type PipeRun = (value: unknown, call: Call) => unknown;

const METATYPES: Readonly<Partial<Record<PayloadCheck["kind"], unknown>>> = {
  string: String,
  number: Number,
  boolean: Boolean,
  bytes: Buffer,
  array: Array,
};

/** Joins the pipes of a parameter into one function; `undefined` without any. */
export function joinPipes(
  pipes: readonly PipeTransform[],
  parameter: ParameterContract,
  argument: number | undefined,
): PipeRun | undefined {
  if (pipes.length === 0) return undefined;
  const described = describe(parameter, argument);
  return pipes.map((pipe) => single(pipe, described)).reduce(join);
}

type Described = Omit<ArgumentMetadata, "context">;

function single(pipe: PipeTransform, { type, metatype, argument, data, isOptional }: Described): PipeRun {
  // A new object each time: what one pipe does to it is not the next one's business.
  return (value, context) => pipe.transform(value as never, { type, metatype, argument, data, isOptional, context });
}

function join(first: PipeRun, second: PipeRun): PipeRun {
  return (value, call) => chain(first(value, call), (changed) => second(changed, call));
}

function describe(parameter: ParameterContract, argument: number | undefined): Described {
  const data = "name" in parameter ? parameter.name : undefined;
  const { kind } = parameter;
  const isOptional = kind === "payload" && parameter.isOptional;
  if (kind !== "payload" && kind !== "auth") return { type: "custom", metatype: undefined, argument, data, isOptional };
  const { check } = parameter;
  const metatype = check.isArray ? Array : (check.type?.value ?? METATYPES[check.kind]);
  return { type: kind, metatype, argument, data, isOptional };
}
