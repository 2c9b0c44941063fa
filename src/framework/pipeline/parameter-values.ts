import type { NamedContract, ParameterContract, PayloadContract } from "../gateway/contract.js";
import type { PlainSource } from "../metadata/types.js";
import { chain, mapInOrder } from "../thenable.js";
import { missing } from "../validation/issues.js";
import type { Validator } from "../validation/validator.js";
import type { Call } from "./call.js";
import { MessageCall } from "./message-call.js";
import type { PipeRun } from "./pipes.js";

/** Finds the value of one parameter, or throws what the client is told. */
export type Resolve = (call: Call) => unknown;

export interface Resolver {
  readonly resolve: Resolve;
  /** Whether the value can be a thenable. */
  readonly mayWait: boolean;
}

/** What stands between the value as it comes and the parameter. */
export interface Checks {
  readonly pipes: PipeRun | undefined;
  readonly validator: Validator | undefined;
  /** Which argument of the event it is, for handlers that take several. */
  readonly argument: number | undefined;
}

/** Says how a parameter gets its value: read, led through its pipes, checked. */
export function resolverOf(parameter: ParameterContract, checks: Checks): Resolver {
  switch (parameter.kind) {
    case "payload":
      return parameter.isRest ? restResolver(parameter, checks) : payloadResolver(parameter, checks);
    case "auth":
      return resolver((call) => call.auth, checks.validator?.validate, checks);
    case "custom":
      return { ...resolver(parameter.resolve.value, undefined, checks), mayWait: true };
    case "param":
    case "eventParam":
    case "headers":
    case "query":
    case "data":
      return resolver(namedValue(parameter), undefined, checks);
    default:
      return { resolve: PLAIN_VALUES[parameter.kind], mayWait: false };
  }
}

const PLAIN_VALUES: Readonly<Record<PlainSource, Resolve>> = {
  socket: (call) => call.socket,
  namespace: (call) => call.namespace,
  server: (call) => call.socket.server,
  context: (call) => call,
  event: (call) => call.event,
  reason: (call) => call.reason,
  handshake: (call) => call.handshake,
  user: (call) => (call.socket.data as { readonly user?: unknown } | null | undefined)?.user,
  rooms: (call) => call.socket.rooms,
  signal: (call) => call.signal,
  ack: (call) => {
    if (!(call instanceof MessageCall)) return undefined;
    return (...args: unknown[]) => {
      call.acknowledge(...args);
    };
  },
};

type Values = Readonly<Record<string, unknown>> | null | undefined;

const NAMED_VALUES: Readonly<Record<NamedContract["kind"], (call: Call) => Values>> = {
  param: (call) => call.params,
  eventParam: (call) => call.eventParams,
  headers: (call) => call.handshake.headers,
  query: (call) => call.handshake.query,
  data: (call) => call.socket.data as Values,
};

function namedValue({ kind, name }: NamedContract): Resolve {
  const valuesOf = NAMED_VALUES[kind];
  return name === undefined ? valuesOf : (call) => valuesOf(call)?.[name];
}

/** A step of a value on its way: returns what it becomes, or throws. */
type Finish = (value: unknown) => unknown;

function resolver(read: Resolve, finish: Finish | undefined, { pipes, validator }: Checks): Resolver {
  const mayWait = pipes !== undefined || validator?.mayWait === true;
  if (pipes !== undefined) {
    const last = finish ?? asItIs;
    return {
      resolve: (call) =>
        chain(
          chain(read(call), (value) => pipes(value, call)),
          last,
        ),
      mayWait,
    };
  }
  return { resolve: finish === undefined ? read : (call) => finish(read(call)), mayWait };
}

function payloadResolver({ position, isOptional }: PayloadContract, checks: Checks): Resolver {
  const check = checks.validator?.validate ?? asItIs;
  const finish = isOptional ? optional(check) : required(check, checks.argument);
  return resolver((call) => call.args[position], finish, checks);
}

function optional(check: Finish): Finish {
  // JSON has no undefined: what the client leaves out before another argument arrives as null.
  return (value) => (value === undefined || value === null ? undefined : check(value));
}

function required(check: Finish, argument: number | undefined): Finish {
  return (value) => {
    if (value === undefined) throw missing(argument);
    return check(value);
  };
}

/** All arguments from `position` on, each led through the pipes and checked. */
function restResolver({ position }: PayloadContract, { pipes, validator }: Checks): Resolver {
  const check = validator?.validate ?? asItIs;
  const mayWait = pipes !== undefined || validator?.mayWait === true;
  const one = pipes === undefined ? check : (value: unknown, call: Call) => chain(pipes(value, call), check);
  return {
    resolve: (call) => {
      const values = mapInOrder(call.args.slice(position), (value) => one(value, call));
      return mayWait ? Promise.all(values) : values;
    },
    mayWait,
  };
}

function asItIs(value: unknown): unknown {
  return value;
}
