import { tokenName, type InjectionToken } from "../contracts/class.js";
import { GatewayError } from "../errors.js";
import type { Dependency } from "./dependencies.js";
import type { ModuleNode } from "./module-node.js";
import { nearClause } from "./near.js";
import type { ProviderNode } from "./provider-node.js";

/** Finds what `token` means inside `module`, for `requester`. */
export type Lookup = (token: InjectionToken, module: ModuleNode, requester: ProviderNode) => ProviderNode | undefined;

/** Each provider with the providers it needs, in order; `undefined` for optional ones that do not exist. */
export type ProviderLinks = Map<ProviderNode, readonly (ProviderNode | undefined)[]>;

/**
 * Connects every provider with what it needs, before any of them is made.
 *
 * @throws GatewayError `GATEWAY_MISSING_PROVIDER` or `GATEWAY_CIRCULAR_PROVIDERS`.
 */
export function linkProviders(modules: readonly ModuleNode[], lookup: Lookup): ProviderLinks {
  const links: ProviderLinks = new Map();
  const missing: Missing[] = [];
  for (const module of modules) {
    for (const provider of module.providers.values()) {
      links.set(
        provider,
        provider.dependencies.map((dependency) => {
          const found = lookup(dependency.token, module, provider);
          if (found === undefined && !dependency.isOptional) missing.push({ dependency, provider, module });
          return found;
        }),
      );
    }
  }
  const first = missing[0];
  if (first !== undefined) throw missingProvider(first, links, modules);
  checkCircles(links);
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
  const chain = dependents.length === 0 ? "" : ` (wanted by ${dependents.join(", wanted by ")})`;
  return new GatewayError("GATEWAY_MISSING_PROVIDER", {
    values: {
      provider: tokenName(provider.token),
      module: module.name,
      token: tokenName(dependency.token),
      where: dependency.where,
      chain,
      near: nearClause(dependency.token, module, modules),
    },
  });
}

/** One way from `provider` up to something that nobody else needs. */
function dependentsOf(provider: ProviderNode, links: ProviderLinks): ProviderNode[] {
  const chain: ProviderNode[] = [];
  for (let current: ProviderNode | undefined = provider; current !== undefined;) {
    const wanted: ProviderNode = current;
    const next: ProviderNode | undefined = [...links].find(
      ([dependent, needs]) => needs.includes(wanted) && dependent !== provider && !chain.includes(dependent),
    )?.[0];
    if (next !== undefined) chain.push(next);
    current = next;
  }
  return chain;
}

function checkCircles(links: ProviderLinks): void {
  const finished = new Set<ProviderNode>();
  const path: ProviderNode[] = [];
  const visit = (provider: ProviderNode): void => {
    if (finished.has(provider)) return;
    if (path.includes(provider)) {
      const chain = [...path.slice(path.indexOf(provider)), provider].map(({ token }) => tokenName(token)).join(" > ");
      throw new GatewayError("GATEWAY_CIRCULAR_PROVIDERS", { values: { chain } });
    }
    path.push(provider);
    for (const needed of links.get(provider) ?? []) if (needed !== undefined) visit(needed);
    path.pop();
    finished.add(provider);
  };
  for (const provider of links.keys()) visit(provider);
}
