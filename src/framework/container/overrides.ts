import { tokenName, type Class, type InjectionToken } from "../contracts/class.js";
import { GatewayError } from "../errors.js";
import type { Provider } from "../contracts/module.js";
import type { ModuleNode } from "./module-node.js";
import { nearClause } from "./near.js";

/** What stands in for a provider in tests; `provide` says which one, in every module that lists it. */
export type ProviderOverride = Exclude<Provider, Class>;

/**
 * Replaces providers before any of them is made.
 *
 * @throws GatewayError `GATEWAY_UNKNOWN_OVERRIDE` for a token that no module provides.
 */
export function applyOverrides(modules: readonly ModuleNode[], overrides: readonly ProviderOverride[]): void {
  for (const override of overrides) {
    const owners = modules.filter(({ providers }) => providers.has(override.provide));
    if (owners.length === 0) throw unknown(override.provide, modules);
    for (const owner of owners) owner.provide(override);
  }
}

function unknown(token: InjectionToken, modules: readonly ModuleNode[]): GatewayError {
  const near = nearClause(token, undefined, modules);
  return new GatewayError("GATEWAY_UNKNOWN_OVERRIDE", { values: { token: tokenName(token), near } });
}
