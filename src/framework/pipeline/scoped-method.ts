import type { ExecutionContext } from "../contracts/execution-context.js";
import { Named, type MethodContract, type ParameterContract } from "../gateway/contract.js";
import type { Method, MethodCall } from "./arguments.js";

/** Finds the instance that a call is for, or promises it. */
export type InstanceOf = (context: ExecutionContext) => unknown;

/**
 * A method of a gateway that has an instance for each connection or call: the instance is one parameter more, which
 * stands before the method's own.
 */
export function scopedMethod(
  instanceOf: InstanceOf,
  { method, parameters }: MethodContract,
): Pick<MethodCall, "method" | "parameters"> {
  const receiver: ParameterContract = {
    kind: "custom",
    name: "instance",
    resolve: new Named("instance", instanceOf),
    pipes: [],
  };
  return {
    method: (instance, ...values) => (instance as Record<string | symbol, Method>)[method.value]?.(...values),
    parameters: [receiver, ...parameters],
  };
}
