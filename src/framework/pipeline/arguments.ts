import { isThenable } from "../../common/index.js";
import type { PipeTransform } from "../contracts/pipe.js";
import type { ParameterContract } from "../gateway/contract.js";
import { mapInOrder } from "../thenable.js";
import type { ValidatorTable } from "../validation/validator.js";
import { resolverOf, type Resolve } from "./parameter-values.js";
import { joinPipes } from "./pipes.js";
import type { Step } from "./step.js";

export type Method = (...args: unknown[]) => unknown;

/** The method to call, as the gateway's instance has it. */
export interface MethodCall {
  readonly instance: object;
  readonly method: Method;
  readonly parameters: readonly ParameterContract[];
  readonly validators: ValidatorTable;
  /** All pipes of a parameter, in the order in which they run. */
  readonly pipesOf: (parameter: ParameterContract) => readonly PipeTransform[];
}

/** Calls the method with its parameters; only those that may have to wait are ever looked at for thenables. */
export function callStep({ instance, method, parameters, validators, pipesOf }: MethodCall): Step {
  const positionOf = positions(parameters);
  const resolvers = parameters.map((parameter) => {
    const argument = positionOf(parameter);
    const pipes = joinPipes(pipesOf(parameter), parameter, argument);
    return resolverOf(parameter, { pipes, validator: validators.get(parameter), argument });
  });
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
    const values = mapInOrder(resolvers, ({ resolve }) => resolve(call));
    const mustWait = values.some((value, index) => resolvers[index]?.mayWait === true && isThenable(value));
    return mustWait ? Promise.all(values).then(invoke) : invoke(values);
  };
}

/** Errors name the argument only where there are several. */
function positions(parameters: readonly ParameterContract[]): (parameter: ParameterContract) => number | undefined {
  const payloads = parameters.filter((parameter) => parameter.kind === "payload");
  const takesSeveral = payloads.length > 1 || payloads.some(({ isRest }) => isRest);
  return (parameter) => (takesSeveral && parameter.kind === "payload" ? parameter.position : undefined);
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

function spread(values: readonly unknown[], restIndex: number): unknown[] {
  return [...values.slice(0, restIndex), ...(values[restIndex] as unknown[])];
}
