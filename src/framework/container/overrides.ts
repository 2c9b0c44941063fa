import { tokenName, type Class, type InjectionToken } from "../contracts/class.js";
import { GatewayError } from "../errors.js";
import type { Provider } from "../contracts/module.js";
import type { EnhancerKind } from "./app-tokens.js";
import type { ModuleNode } from "./module-node.js";
import type { ModuleOverrides } from "./module-scan.js";
import { findNear, similarClause } from "./near.js";

/** What stands in for a provider in tests; `provide` says which one, in every module that lists it. */
export type ProviderOverride = Exclude<Provider, Class> & {
  /** Of what it is, when it is no ordinary provider: the application may name it before it starts, and not before. */
  readonly enhancer?: EnhancerKind;
};

/** What stands in for parts of an application in tests. */
export interface Substitutes {
  readonly overrides?: readonly ProviderOverride[] | undefined;
  readonly moduleOverrides?: ModuleOverrides | undefined;
  /** Makes what nobody provides, once for each token; `undefined` leaves it missing. */
  readonly mockMissing?: ((token: InjectionToken) => unknown) | undefined;
  /** Leaves out the hooks of start and end, such as `onModuleInit`. */
  readonly withoutHooks?: boolean | undefined;
}

/**
 * Replaces providers before any of them is made.
 *
 * @returns the enhancers among them that the root module provides from now on: nothing names them yet.
 * @throws GatewayError `GATEWAY_UNKNOWN_OVERRIDE` for a token that no module provides.
 */
export function applyOverrides(
  modules: readonly ModuleNode[],
  overrides: readonly ProviderOverride[],
): readonly ProviderOverride[] {
  return overrides.filter((override) => {
    const replaced = modules.filter((module) => module.replace(override));
    if (replaced.length > 0) return false;
    const isOfClass = override.enhancer !== undefined && typeof override.provide === "function";
    if (!isOfClass) throw unknownOverride(override.provide, findNear(override.provide, undefined, modules).clause);
    modules.at(-1)?.provide(override);
    return true;
  });
}

/** The error for an override that nothing has named until the start. */
export function unusedOverride({ provide }: ProviderOverride, modules: readonly ModuleNode[]): GatewayError {
  const others = modules.flatMap(({ providers }) => [...providers.keys()].filter((token) => token !== provide));
  return unknownOverride(provide, similarClause(tokenName(provide), others.map(tokenName)));
}

function unknownOverride(token: InjectionToken, near: string): GatewayError {
  return new GatewayError("GATEWAY_UNKNOWN_OVERRIDE", { values: { token: tokenName(token), lacks: "provides", near } });
}
