import type { Injector } from "../container/injector.js";
import type { ModuleNode } from "../container/module-node.js";
import type { ProviderNode } from "../container/provider-node.js";
import { isClass, tokenName, type AbstractClass, type Class } from "../contracts/class.js";
import type { ExceptionFilter } from "../contracts/filter.js";
import type { CanActivate } from "../contracts/guard.js";
import type { Interceptor } from "../contracts/interceptor.js";
import type { PipeTransform } from "../contracts/pipe.js";
import { GatewayError } from "../errors.js";
import { CATCHES } from "../metadata/keys.js";
import { SourcePlace } from "../metadata/source-place.js";
import { nearestRecord } from "../metadata/store.js";
import type { EnhancerLike, EnhancerRecord } from "../metadata/types.js";
import type { LiveEnhancers, LiveGateway, MethodEnhancers } from "../pipeline/compile.js";
import type { BoundFilter } from "../pipeline/filters.js";
import { Named } from "./contract.js";
import type { EnhancersContract, GatewayContract, MethodContract, ParameterContract } from "./contract.js";
import type { ExploredGateway } from "./explorer.js";

/** Guards, interceptors, pipes and filters of the whole application, as given. */
export type GlobalEnhancers = { readonly [Kind in keyof EnhancerRecord]: readonly EnhancerRecord[Kind][number][] };

/** Those that the application was told of, then those that modules provide by `APP_…` tokens. */
export function addEnhancers(
  given: GlobalEnhancers,
  provided: Awaited<ReturnType<Injector["globalEnhancers"]>>,
): GlobalEnhancers {
  return {
    guards: [...given.guards, ...(provided.guards as CanActivate[])],
    interceptors: [...given.interceptors, ...(provided.interceptors as Interceptor[])],
    pipes: [...given.pipes, ...(provided.pipes as PipeTransform[])],
    filters: [...given.filters, ...(provided.filters as ExceptionFilter[])],
  };
}

/** Lists the enhancers of each gateway as providers of its module, unless something there provides them. */
export function adoptEnhancers(gateways: readonly ExploredGateway[]): void {
  for (const { contract, module } of gateways) {
    for (const { value } of enhancersOf(contract)) {
      if (isClass(value) && module.find(value) === undefined) module.provide(value);
    }
  }
}

/**
 * Puts live objects in the place of names: the gateway, its enhancers, the global ones of `root`'s making.
 *
 * @throws GatewayError `GATEWAY_BAD_ENHANCER` when one of them lacks the method that its kind has.
 */
export async function enliven(
  { namespace, contract, module, provider }: ExploredGateway,
  global: GlobalEnhancers,
  { injector, root }: { readonly injector: Injector; readonly root: ModuleNode },
): Promise<LiveGateway> {
  const shared = await new Maker(injector, root, "the application").all(global);
  const own = new Maker(injector, module, contract.gateway.name);
  const { guards, interceptors, pipes, filters } = await own.all(valuesOf(contract));
  const enhancers = new Map<MethodContract, MethodEnhancers>();
  for (const method of [...contract.handlers, ...contract.hooks]) {
    const maker = new Maker(injector, module, `${contract.gateway.name}.${method.method.name}`);
    const parameterPipes = await maker.parameterPipes(method.parameters);
    enhancers.set(method, { ...(await maker.all(valuesOf(method))), parameterPipes });
  }
  return {
    namespace: namespace.name,
    contract,
    ...instanceOf(contract, provider, injector),
    guards: [...shared.guards, ...guards],
    interceptors: [...shared.interceptors, ...interceptors],
    pipes: [...shared.pipes, ...pipes],
    filters: [...filters, ...shared.filters],
    enhancers,
  };
}

/** Stands for the gateway of a namespace that has none. */
// eslint-disable-next-line @typescript-eslint/no-extraneous-class -- enhancers ask a context for a class
class UnservedNamespace {}

/**
 * Global enhancers judge connections to the namespace "/" even when no gateway serves it: who may not in must not hear
 * what is emitted there.
 */
export async function enlivenUnserved(
  global: GlobalEnhancers,
  { injector, root }: { readonly injector: Injector; readonly root: ModuleNode },
): Promise<LiveGateway> {
  const contract: GatewayContract = {
    gateway: new Named(UnservedNamespace.name, UnservedNamespace),
    module: root.name,
    place: new SourcePlace({}),
    ...{
      guards: [],
      interceptors: [],
      pipes: [],
      filters: [],
      rateLimits: [],
      connectLimits: [],
      handlers: [],
      hooks: [],
    },
  };
  const shared = await new Maker(injector, root, "the application").all(global);
  return {
    namespace: "/",
    contract,
    ...shared,
    instance: new UnservedNamespace(),
    instanceOf: undefined,
    enhancers: new Map(),
  };
}

function instanceOf(
  { gateway }: GatewayContract,
  provider: ProviderNode,
  injector: Injector,
): Pick<LiveGateway, "instance" | "instanceOf"> {
  if (!injector.isScoped(provider)) return { instance: injector.instanceOf(provider) as object, instanceOf: undefined };
  const { scopes } = injector;
  return { instance: gateway.value.prototype as object, instanceOf: (context) => scopes.instanceOf(provider, context) };
}

/** Makes enhancers with what one module sees. */
class Maker {
  readonly #injector: Injector;
  readonly #module: ModuleNode;
  readonly #where: string;

  /** @param where - what they stand on, for errors. */
  constructor(injector: Injector, module: ModuleNode, where: string) {
    this.#injector = injector;
    this.#module = module;
    this.#where = where;
  }

  async all({ guards, interceptors, pipes, filters }: GlobalEnhancers): Promise<LiveEnhancers> {
    return {
      guards: await this.#make<CanActivate>(guards, "canActivate"),
      interceptors: await this.#make<Interceptor>(interceptors, "intercept"),
      pipes: await this.#make<PipeTransform>(pipes, "transform"),
      filters: (await this.#make<ExceptionFilter>(filters, "catch")).map(bindFilter),
    };
  }

  async parameterPipes(parameters: readonly ParameterContract[]): Promise<MethodEnhancers["parameterPipes"]> {
    const pipes = new Map<ParameterContract, readonly PipeTransform[]>();
    for (const parameter of parameters) {
      if (!("pipes" in parameter) || parameter.pipes.length === 0) continue;
      pipes.set(parameter, await this.#make<PipeTransform>(parameter.pipes.map(valueOf), "transform"));
    }
    return pipes;
  }

  #make<T extends object>(items: readonly (Class<T> | T)[], method: keyof T & string): Promise<T[]> {
    return Promise.all(
      items.map(async (item) => {
        const made = isClass(item) ? ((await this.#injector.make(item, this.#module)) as T) : item;
        if (typeof (made as Partial<T> | null | undefined)?.[method] === "function") return made;
        const named = isClass(item) ? item : (item as object | null | undefined)?.constructor;
        const values = { enhancer: tokenName(named), where: this.#where, method };
        throw new GatewayError("GATEWAY_BAD_ENHANCER", { values });
      }),
    );
  }
}

function enhancersOf(contract: GatewayContract): readonly Named<EnhancerLike>[] {
  const methods = [...contract.handlers, ...contract.hooks];
  const ofParameters = methods.flatMap(({ parameters }) =>
    parameters.flatMap((parameter) => ("pipes" in parameter ? parameter.pipes : [])),
  );
  return [
    ...[contract, ...methods].flatMap((place) => [
      ...place.guards,
      ...place.interceptors,
      ...place.pipes,
      ...place.filters,
    ]),
    ...ofParameters,
  ];
}

function valuesOf({ guards, interceptors, pipes, filters }: EnhancersContract): GlobalEnhancers {
  return {
    guards: guards.map(valueOf),
    interceptors: interceptors.map(valueOf),
    pipes: pipes.map(valueOf),
    filters: filters.map(valueOf),
  };
}

function bindFilter(filter: ExceptionFilter): BoundFilter {
  const types = nearestRecord(CATCHES, filter.constructor as Class) as readonly AbstractClass[] | undefined;
  return { filter, types: types?.length === 0 ? undefined : types };
}

function valueOf<T>({ value }: Named<T>): T {
  return value;
}
