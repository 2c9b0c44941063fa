import { isClass, tokenName, type Class, type InjectionToken } from "../contracts/class.js";
import type { Provider } from "../contracts/module.js";

/** Guards every connection and every event when a module provides it: `{ provide: APP_GUARD, useClass: AuthGuard }`. */
export const APP_GUARD: unique symbol = Symbol.for("rookery.APP_GUARD");

/** Changes the arguments of every handler, as a global pipe; a module provides it. */
export const APP_PIPE: unique symbol = Symbol.for("rookery.APP_PIPE");

/** Stands around every call, as a global interceptor; a module provides it. */
export const APP_INTERCEPTOR: unique symbol = Symbol.for("rookery.APP_INTERCEPTOR");

/** Filters what any gateway throws, after their own filters; a module provides it. */
export const APP_FILTER: unique symbol = Symbol.for("rookery.APP_FILTER");

/** What a token of these stands for. */
export type EnhancerKind = "guards" | "pipes" | "interceptors" | "filters";

const KINDS = new Map<unknown, EnhancerKind>([
  [APP_GUARD, "guards"],
  [APP_PIPE, "pipes"],
  [APP_INTERCEPTOR, "interceptors"],
  [APP_FILTER, "filters"],
]);

/** `undefined` for providers of other tokens. */
export function enhancerKindOf(provider: Provider): EnhancerKind | undefined {
  const token = (provider as Partial<Exclude<Provider, Class>> | null | undefined)?.provide;
  return token === undefined || isClass(provider) ? undefined : KINDS.get(token);
}

/** A token of its own for each: several providers of one module may have the same. */
export function enhancerToken(provider: Exclude<Provider, Class>): InjectionToken {
  const name = String((provider.provide as symbol).description).replace("rookery.", "");
  return Symbol("useClass" in provider ? `${name} ${tokenName(provider.useClass)}` : name);
}
