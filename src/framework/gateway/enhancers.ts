import type { Injector } from "../container/injector.js";
import type { ModuleNode } from "../container/module-node.js";
import { isClass, type AbstractClass, type Class } from "../contracts/class.js";
import type { ExceptionFilter } from "../contracts/filter.js";
import type { CanActivate } from "../contracts/guard.js";
import { CATCHES } from "../metadata/keys.js";
import { nearestRecord } from "../metadata/store.js";
import type { FilterLike, GuardLike } from "../metadata/types.js";
import type { LiveGateway, MethodEnhancers } from "../pipeline/compile.js";
import type { BoundFilter } from "../pipeline/filters.js";
import type { GatewayContract, MethodContract, Named } from "./contract.js";
import type { ExploredGateway } from "./explorer.js";

/** Guards and filters of the whole application, as given. */
export interface GlobalEnhancers {
  readonly guards: readonly GuardLike[];
  readonly filters: readonly FilterLike[];
}

/** Lists the guards and filters of each gateway as providers of its module, unless something there provides them. */
export function adoptEnhancers(gateways: readonly ExploredGateway[]): void {
  for (const { contract, module } of gateways) {
    for (const { value } of enhancersOf(contract)) {
      if (isClass(value) && module.find(value) === undefined) module.provide(value);
    }
  }
}

/** Puts live objects in the place of names: the gateway, its guards and filters, the global ones of `root`'s making. */
export async function enliven(
  gateway: ExploredGateway,
  global: GlobalEnhancers,
  { injector, root }: { readonly injector: Injector; readonly root: ModuleNode },
): Promise<LiveGateway> {
  const { contract, module, provider } = gateway;
  const make = <T extends object>(item: Class<T> | T, home: ModuleNode): Promise<T> =>
    isClass(item) ? (injector.make(item, home) as Promise<T>) : Promise.resolve(item);
  const guardsOf = (items: readonly GuardLike[], home = module): Promise<CanActivate[]> =>
    Promise.all(items.map((item) => make<CanActivate>(item, home)));
  const filtersOf = async (items: readonly FilterLike[], home = module): Promise<BoundFilter[]> =>
    (await Promise.all(items.map((item) => make<ExceptionFilter>(item, home)))).map(bindFilter);

  const enhancers = new Map<MethodContract, MethodEnhancers>();
  for (const method of [...contract.handlers, ...contract.hooks]) {
    const guards = await guardsOf(method.guards.map(valueOf));
    enhancers.set(method, { guards, filters: await filtersOf(method.filters.map(valueOf)) });
  }
  return {
    contract,
    instance: injector.instanceOf(provider) as object,
    guards: [...(await guardsOf(global.guards, root)), ...(await guardsOf(contract.guards.map(valueOf)))],
    filters: [...(await filtersOf(contract.filters.map(valueOf))), ...(await filtersOf(global.filters, root))],
    enhancers,
  };
}

function enhancersOf({ guards, filters, handlers, hooks }: GatewayContract): readonly Named<GuardLike | FilterLike>[] {
  return [...guards, ...filters, ...[...handlers, ...hooks].flatMap((method) => [...method.guards, ...method.filters])];
}

function bindFilter(filter: ExceptionFilter): BoundFilter {
  const types = nearestRecord(CATCHES, filter.constructor as Class) as readonly AbstractClass[] | undefined;
  return { filter, types: types?.length === 0 ? undefined : types };
}

function valueOf<T>({ value }: Named<T>): T {
  return value;
}
