import type { ParameterContract, PayloadContract } from "../gateway/contract.js";
import { isThenable } from "../thenable.js";
import { missing } from "../validation/issues.js";
import type { Validator, ValidatorTable } from "../validation/validator.js";
import type { Call } from "./call.js";
import { MessageCall } from "./message-call.js";
import type { Step } from "./step.js";

export type Method = (...args: unknown[]) => unknown;

/** The method to call, as the gateway's instance has it. */
export interface MethodCall {
  readonly instance: object;
  readonly method: Method;
  readonly parameters: readonly ParameterContract[];
  readonly validators: ValidatorTable;
}

/** Calls the method with its parameters; only those that may have to wait are ever looked at for thenables. */
export function callStep({ instance, method, parameters, validators }: MethodCall): Step {
  const resolvers = parameters.map((parameter) => resolverOf(parameter, validators));
  const restIndex = parameters.findIndex((parameter) => parameter.kind === "payload" && parameter.isRest);
  if (restIndex === -1 && resolvers.every(({ mayWait }) => !mayWait)) {
    return directCall(
      instance,
      method,
      resolvers.map(({ resolve }) => resolve),
    );
  }
  const invoke = (values: unknown[]): unknown =>
    method.apply(instance, restIndex === -1 ? values : spread(values, restIndex));
  return (call) => {
    const values = resolvers.map(({ resolve }) => resolve(call));
    const mustWait = values.some((value, index) => resolvers[index]?.mayWait === true && isThenable(value));
    return mustWait ? Promise.all(values).then(invoke) : invoke(values);
  };
}

/** Finds the value of one parameter, or throws what the client is told. */
type Resolve = (call: Call) => unknown;

interface Resolver {
  readonly resolve: Resolve;
  /** Whether the value can be a thenable. */
  readonly mayWait: boolean;
}

/** Few parameters need no array: most handlers take one or two. */
function directCall(instance: object, method: Method, resolvers: readonly Resolve[]): Step {
  const [first, second, third, ...more] = resolvers;
  if (first === undefined) return () => method.call(instance);
  if (second === undefined) return (call) => method.call(instance, first(call));
  if (third === undefined) return (call) => method.call(instance, first(call), second(call));
  if (more.length === 0) return (call) => method.call(instance, first(call), second(call), third(call));
  return (call) =>
    method.apply(
      instance,
      resolvers.map((resolve) => resolve(call)),
    );
}

function resolverOf(parameter: ParameterContract, validators: ValidatorTable): Resolver {
  const validator = validators.get(parameter);
  switch (parameter.kind) {
    case "payload":
      return { resolve: payloadOf(parameter, validator), mayWait: validator?.mayWait ?? false };
    case "auth":
      return { resolve: authOf(validator), mayWait: validator?.mayWait ?? false };
    case "custom": {
      const resolve = parameter.resolve.value;
      return { resolve: (call) => resolve(call), mayWait: true };
    }
    case "socket":
      return { resolve: (call) => call.socket, mayWait: false };
    case "event":
      return { resolve: (call) => call.event, mayWait: false };
    case "reason":
      return { resolve: (call) => call.reason, mayWait: false };
    case "ack":
      return { resolve: acknowledgement, mayWait: false };
  }
}

function payloadOf({ position, isOptional, isRest }: PayloadContract, validator: Validator | undefined): Resolve {
  const check = validator?.validate ?? asItIs;
  if (isRest) {
    return (call) => {
      const values = call.args.slice(position).map(check);
      return validator?.mayWait === true ? Promise.all(values) : values;
    };
  }
  if (isOptional) {
    return (call) => {
      const value = call.args[position];
      // JSON has no undefined: what the client leaves out before another argument arrives as null.
      return value === undefined || value === null ? undefined : check(value);
    };
  }
  return (call) => {
    const value = call.args[position];
    if (value === undefined) throw missing(validator?.argument);
    return check(value);
  };
}

function authOf(validator: Validator | undefined): Resolve {
  return validator === undefined
    ? (call) => call.socket.handshake.auth
    : (call) => validator.validate(call.socket.handshake.auth);
}

const acknowledgement: Resolve = (call) => {
  if (!(call instanceof MessageCall)) return undefined;
  return (...args: unknown[]) => {
    call.acknowledge(...args);
  };
};

function asItIs(value: unknown): unknown {
  return value;
}

function spread(values: readonly unknown[], restIndex: number): unknown[] {
  return [...values.slice(0, restIndex), ...(values[restIndex] as unknown[])];
}
