import { isThenable } from "../../common/index.js";
import type { ArgumentMetadata } from "../contracts/pipe.js";
import type { ExecutionContext } from "../contracts/execution-context.js";
import { tokenName } from "../contracts/class.js";
import { GatewayError } from "../errors.js";
import type { MethodKey } from "../metadata/types.js";
import type { ProviderNode } from "./provider-node.js";
import type { Scopes } from "./scopes.js";

/** The methods of enhancers, and which of their arguments knows the call. */
const ENHANCER_METHODS: Readonly<Record<string, (args: readonly unknown[]) => ExecutionContext>> = {
  canActivate: ([context]) => context as ExecutionContext,
  intercept: ([context]) => context as ExecutionContext,
  catch: ([, context]) => context as ExecutionContext,
  transform: ([, metadata]) => (metadata as ArgumentMetadata).context,
};

type Methods = Partial<Record<MethodKey, (...args: unknown[]) => unknown>>;

/**
 * Stands in for a guard, pipe, interceptor or filter that is made anew for each connection or call: the pipeline has one
 * object, which passes every call to the instance that it is for.
 *
 * @throws GatewayError `GATEWAY_BAD_PROVIDER` when the class is not known before it is made.
 */
export function standIn(provider: ProviderNode, scopes: Scopes): object {
  const { implementation, scope, module } = provider;
  if (implementation === undefined) {
    const value = `${tokenName(provider.token)}, an enhancer of scope "${scope}" without a class`;
    throw new GatewayError("GATEWAY_BAD_PROVIDER", { values: { module, value } });
  }
  const prototype = implementation.prototype as object & Methods;
  // Of the class for whoever looks: at @Catch, or by instanceof.
  const stand = Object.create(prototype) as Methods;
  for (const [name, contextOf] of Object.entries(ENHANCER_METHODS)) {
    if (typeof prototype[name] !== "function") continue;
    stand[name] = (...args) => {
      const made = scopes.instanceOf(provider, contextOf(args));
      return isThenable(made) ? made.then((instance) => call(instance, name, args)) : call(made, name, args);
    };
  }
  return stand;
}

function call(instance: unknown, name: string, args: readonly unknown[]): unknown {
  return (instance as Methods)[name]?.(...args);
}
