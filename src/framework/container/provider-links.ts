import { tokenName, type InjectionToken } from "../contracts/class.js";
import { GatewayError } from "../errors.js";
import { placeOf } from "../metadata/records.js";
import { at } from "../metadata/source-place.js";
import { Problems } from "../problems.js";
import { deferLinks } from "./circles.js";
import type { Dependency } from "./dependencies.js";
import type { Link, ProviderLinks } from "./links.js";
import type { ModuleNode } from "./module-node.js";
import { findNear } from "./near.js";
import type { ProviderNode } from "./provider-node.js";

/** Finds what `token` means inside `module`, for `requester`. */
export type Lookup = (token: InjectionToken, module: ModuleNode, requester: ProviderNode) => ProviderNode | undefined;

/**
 * Connects every provider with what it needs, before any of them is made.
 *
 * @throws GatewayError `GATEWAY_MISSING_PROVIDER` (all of them together) or `GATEWAY_CIRCULAR_PROVIDERS`.
 */
export function linkProviders(modules: readonly ModuleNode[], lookup: Lookup): ProviderLinks {
  const links = new Map<ProviderNode, readonly Link[]>();
  const missing: Missing[] = [];
  const problems = new Problems();
  for (const module of modules) {
    for (const provider of module.providers.values()) {
      if (provider.fault !== undefined) problems.add(provider.fault);
      links.set(
        provider,
        provider.dependencies.map((dependency) => {
          const found = lookup(dependency.token, module, provider);
          if (found === undefined && !dependency.isOptional) missing.push({ dependency, provider, module });
          return { dependency, provider: found, isDeferred: false };
        }),
      );
    }
  }
  for (const each of missing) problems.add(missingProvider(each, links, modules));
  problems.throwAny();
  deferLinks(links);
  return links;
}

interface Missing {
  readonly dependency: Dependency;
  readonly provider: ProviderNode;
  readonly module: ModuleNode;
}

function missingProvider(
  { dependency, provider, module }: Missing,
  links: ProviderLinks,
  modules: readonly ModuleNode[],
): GatewayError {
  const dependents = dependentsOf(provider, links).map(({ token }) => tokenName(token));
  const token = tokenName(dependency.token);
  const { clause, mend } = findNear(dependency.token, module, modules);
  return new GatewayError("GATEWAY_MISSING_PROVIDER", {
    values: {
      provider: at(tokenName(provider.token), provider.implementation && placeOf(provider.implementation)),
      module: module.label,
      token,
      where: dependency.where,
      chain: dependents.length === 0 ? "" : ` (wanted by ${dependents.join(", wanted by ")})`,
      near: clause,
      mend: mend ?? `Add ${token} to the providers of ${module.name}, or import a module that exports it.`,
    },
  });
}

/** One way from `provider` up to something that nobody else needs. */
function dependentsOf(provider: ProviderNode, links: ProviderLinks): ProviderNode[] {
  const chain: ProviderNode[] = [];
  for (let current: ProviderNode | undefined = provider; current !== undefined;) {
    const wanted: ProviderNode = current;
    const next: ProviderNode | undefined = [...links].find(
      ([dependent, needs]) =>
        needs.some((need) => need.provider === wanted) && dependent !== provider && !chain.includes(dependent),
    )?.[0];
    if (next !== undefined) chain.push(next);
    current = next;
  }
  return chain;
}
