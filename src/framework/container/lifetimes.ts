import { tokenName } from "../contracts/class.js";
import { GatewayError } from "../errors.js";
import { placeOf } from "../metadata/records.js";
import { at } from "../metadata/source-place.js";
import { Problems } from "../problems.js";
import type { Link, ProviderLinks } from "./links.js";
import type { ProviderNode } from "./provider-node.js";

/** How long an instance can serve, whatever its scope is called. */
export type Lifetime = "application" | "connection" | "message";

const LENGTHS = ["message", "connection", "application"] as const;

/**
 * Says for every provider how long its instances live: as declared, and for transient ones and aliases as long as the
 * most short-lived thing they need.
 *
 * @throws GatewayError `GATEWAY_NARROW_SCOPE` when something outlives what it needs: it would go on using the instance of
 * one client for all of them. `GATEWAY_SCOPED_HOOK` when a hook of the application would never run.
 */
export function readLifetimes(links: ProviderLinks): ReadonlyMap<ProviderNode, Lifetime> {
  const lifetimes = new Map<ProviderNode, Lifetime>();
  for (const provider of links.keys()) lifetimeOf(provider, links, lifetimes);
  const problems = new Problems();
  for (const [provider, needs] of links) {
    problems.try(() => {
      checkHooks(provider, lifetimes);
    });
    for (const link of isDerived(provider) ? [] : needs) {
      problems.try(() => {
        checkLink(provider, link, { links, lifetimes });
      });
    }
  }
  problems.throwAny();
  return lifetimes;
}

function lifetimeOf(provider: ProviderNode, links: ProviderLinks, lifetimes: Map<ProviderNode, Lifetime>): Lifetime {
  const known = lifetimes.get(provider);
  if (known !== undefined) return known;
  // In a circle, what is being asked about adds nothing to what the others say.
  lifetimes.set(provider, declared(provider));
  if (!isDerived(provider)) return declared(provider);
  const needs = (links.get(provider) ?? []).flatMap((link) => link.provider ?? []);
  const lifetime = shortest(needs.map((needed) => lifetimeOf(needed, links, lifetimes)));
  lifetimes.set(provider, lifetime);
  return lifetime;
}

function isDerived({ scope, isAlias }: ProviderNode): boolean {
  return scope === "transient" || isAlias;
}

function declared({ scope }: ProviderNode): Lifetime {
  return scope === "connection" || scope === "message" ? scope : "application";
}

function shortest(lifetimes: readonly Lifetime[]): Lifetime {
  return LENGTHS.find((lifetime) => lifetimes.includes(lifetime)) ?? "application";
}

interface Known {
  readonly links: ProviderLinks;
  readonly lifetimes: ReadonlyMap<ProviderNode, Lifetime>;
}

function checkLink(provider: ProviderNode, link: Link, known: Known): void {
  if (link.provider === undefined) return;
  const needed = known.lifetimes.get(link.provider) ?? declared(link.provider);
  const own = declared(provider);
  if (LENGTHS.indexOf(needed) >= LENGTHS.indexOf(own)) return;
  throw new GatewayError("GATEWAY_NARROW_SCOPE", {
    values: {
      provider: at(tokenName(provider.token), provider.implementation && placeOf(provider.implementation)),
      module: provider.module,
      scope: provider.scope,
      token: tokenName(link.dependency.token),
      where: link.dependency.where,
      through: throughClause(link.provider, needed, known),
      needed,
    },
  });
}

/** The transient providers and aliases that lie between, for errors. */
function throughClause(provider: ProviderNode, needed: Lifetime, { links, lifetimes }: Known): string {
  const names: string[] = [];
  for (let current: ProviderNode | undefined = provider; current !== undefined && isDerived(current);) {
    current = (links.get(current) ?? []).find(
      (link) => link.provider && lifetimes.get(link.provider) === needed,
    )?.provider;
    if (current !== undefined) names.push(tokenName(current.token));
  }
  return names.length === 0 ? "" : ` (through ${names.join(" > ")})`;
}

const APPLICATION_HOOKS = [
  "onModuleInit",
  "onApplicationBootstrap",
  "onModuleDestroy",
  "beforeApplicationShutdown",
  "onApplicationShutdown",
] as const;

function checkHooks(node: ProviderNode, lifetimes: ReadonlyMap<ProviderNode, Lifetime>): void {
  const lifetime = lifetimes.get(node);
  if (lifetime === "application" || node.implementation === undefined) return;
  const prototype = node.implementation.prototype as Partial<Record<string, unknown>>;
  const hook = APPLICATION_HOOKS.find((name) => typeof prototype[name] === "function");
  if (hook === undefined) return;
  const provider = at(tokenName(node.token), placeOf(node.implementation));
  throw new GatewayError("GATEWAY_SCOPED_HOOK", { values: { hook, provider, scope: String(lifetime) } });
}
