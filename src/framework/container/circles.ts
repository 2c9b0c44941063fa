import { tokenName } from "../contracts/class.js";
import { GatewayError } from "../errors.js";
import type { Link, ProviderLinks } from "./links.js";
import type { ProviderNode } from "./provider-node.js";

/**
 * Finds the providers that need each other. What `forwardRef` names in a circle is marked as deferred.
 *
 * @throws GatewayError `GATEWAY_CIRCULAR_PROVIDERS` for circles without one, and for those that would never end because
 * each of their providers is made anew for everyone who asks.
 */
export function deferLinks(links: ProviderLinks): void {
  for (const [provider, needs] of links) {
    for (const link of needs) {
      if (link.dependency.isForward && link.provider !== undefined && reaches(link.provider, provider, links)) {
        link.isDeferred = true;
      }
    }
  }
  refuseCircles(links, ({ isDeferred }) => !isDeferred);
  refuseCircles(links, (_link, provider) => provider.scope === "transient");
}

function reaches(from: ProviderNode, to: ProviderNode, links: ProviderLinks): boolean {
  const seen = new Set<ProviderNode>([from]);
  // A set is walked in the order of insertion, what is added on the way included.
  for (const provider of seen) {
    if (provider === to) return true;
    for (const link of links.get(provider) ?? []) if (link.provider !== undefined) seen.add(link.provider);
  }
  return false;
}

function refuseCircles(links: ProviderLinks, follows: (link: Link, from: ProviderNode) => boolean): void {
  const finished = new Set<ProviderNode>();
  const path: ProviderNode[] = [];
  const visit = (provider: ProviderNode): void => {
    if (finished.has(provider)) return;
    if (path.includes(provider)) {
      const chain = [...path.slice(path.indexOf(provider)), provider].map(({ token }) => tokenName(token)).join(" > ");
      throw new GatewayError("GATEWAY_CIRCULAR_PROVIDERS", { values: { chain } });
    }
    path.push(provider);
    for (const link of links.get(provider) ?? []) {
      if (link.provider !== undefined && follows(link, provider)) visit(link.provider);
    }
    path.pop();
    finished.add(provider);
  };
  for (const provider of links.keys()) visit(provider);
}
