import "../metadata/store.js";
import { Container } from "inversify";
import type { Logger } from "../../common/index.js";
import { tokenName, type Class, type InjectionToken } from "../contracts/class.js";
import type { Provider } from "../contracts/module.js";
import { GatewayError } from "../errors.js";
import type { EnhancerKind } from "./app-tokens.js";
import type { Box, BoxOrPromise } from "./box.js";
import { disposeAll, isDisposable } from "./disposal.js";
import { readLifetimes, type Lifetime } from "./lifetimes.js";
import { Debts, makeInstance } from "./maker.js";
import type { ModuleNode } from "./module-node.js";
import { findNear } from "./near.js";
import type { Link, ProviderLinks } from "./links.js";
import { linkProviders, type Lookup } from "./provider-links.js";
import {
  toAmbientNode,
  toProviderNode,
  type AmbientProvider,
  type ProviderNode,
  type Subject,
} from "./provider-node.js";
import { Scopes } from "./scopes.js";
import { standIn } from "./stand-in.js";

/** What is provided in every module without being listed, such as the server; `requester` is who asks. */
export type Platform = (
  token: InjectionToken,
  requester: ProviderNode | undefined,
) => Exclude<Provider, Class> | AmbientProvider | undefined;

/** An instance that the container has made. */
export interface MadeInstance {
  readonly value: unknown;
  readonly provider: ProviderNode;
}

/**
 * Makes and keeps the instances of an application. Which provider a token means in which module is decided here; inversify
 * does the resolving: every provider of every module is bound under a key of its own, so encapsulation costs no child
 * container. What is scoped to a connection or a call is made by `scopes`, along the same links.
 */
export class Injector {
  readonly #container = new Container();
  readonly #modules: readonly ModuleNode[];
  readonly #platform: Platform;
  readonly #logger: Logger;
  readonly #platformNodes = new Map<unknown, ProviderNode>();
  readonly #bound = new Set<ProviderNode>();
  readonly #keys = new Map<ProviderNode, symbol>();
  readonly #singletons = new Map<ProviderNode, Box>();
  readonly #made: MadeInstance[] = [];
  readonly #debts = new Debts();
  readonly #standIns = new Map<ProviderNode, object>();
  #links: ProviderLinks = new Map();
  #lifetimes: ReadonlyMap<ProviderNode, Lifetime> = new Map();
  readonly scopes: Scopes;

  /** @param modules - as `scanModules` orders them. */
  constructor(
    modules: readonly ModuleNode[],
    { platform, logger }: { readonly platform: Platform; readonly logger: Logger },
  ) {
    this.#modules = modules;
    this.#platform = platform;
    this.#logger = logger;
    this.scopes = new Scopes({ singleton: (provider) => this.#singleton(provider), logger });
  }

  /**
   * What lives as long as the application: modules that are farthest from the root come first, and of a module's each
   * instance after everything it needs.
   */
  get instances(): readonly MadeInstance[] {
    const distances = new Map<ProviderNode, number>();
    for (const module of this.#modules) {
      for (const provider of module.providers.values()) distances.set(provider, module.distance);
    }
    const distanceOf = ({ provider }: MadeInstance): number => distances.get(provider) ?? this.#modules.length * 2;
    return this.#made.toSorted((a, b) => distanceOf(b) - distanceOf(a));
  }

  /**
   * Finds who provides what to whom, before anything is made.
   *
   * @throws GatewayError when something is missing, circular, or outlives what it needs.
   */
  checkLinks(): void {
    this.#link();
  }

  /**
   * Makes every singleton, asynchronous ones too; after `checkLinks`.
   *
   * @throws GatewayError when one fails to be made.
   */
  async instantiate(): Promise<void> {
    for (const provider of this.#links.keys()) {
      if (provider.scope === "singleton" && !this.isScoped(provider)) await this.#boxOf(provider);
    }
    await this.#debts.settle((provider) => this.#boxOf(provider));
  }

  /** Whether a provider's instances live as long as a connection or a call. */
  isScoped(provider: ProviderNode): boolean {
    return (this.#lifetimes.get(provider) ?? "application") !== "application";
  }

  /**
   * An enhancer: the instance of a class with what `module` sees, the module's own provider when there is one; of a scoped
   * class a stand-in.
   */
  async make(type: Class, module: ModuleNode): Promise<unknown> {
    const known = module.find(type);
    const provider = known ?? module.provide(type);
    if (known === undefined) this.#link();
    return this.#enhancer(provider);
  }

  /** What modules provide under the `APP_…` tokens: imported modules first, in the order listed. */
  async globalEnhancers(): Promise<Readonly<Record<EnhancerKind, readonly object[]>>> {
    const enhancers: Record<EnhancerKind, object[]> = { guards: [], pipes: [], interceptors: [], filters: [] };
    for (const module of this.#modules) {
      for (const { kind, token } of module.enhancers) {
        const provider = module.providers.get(token);
        if (provider !== undefined) enhancers[kind].push((await this.#enhancer(provider)) as object);
      }
    }
    return enhancers;
  }

  /** The instance of one provider of one module; a singleton's. */
  instanceOf(provider: ProviderNode): unknown {
    return this.#singleton(provider).value;
  }

  /**
   * The singleton that the root module sees under `token`, or else whichever module provides it.
   *
   * @throws GatewayError `GATEWAY_NOT_FOUND`, `GATEWAY_NOT_SINGLETON`
   */
  get(token: InjectionToken): unknown {
    const provider = this.#aliased(this.#find(token));
    if (provider.scope === "singleton") return this.#singleton(provider).value;
    throw new GatewayError("GATEWAY_NOT_SINGLETON", { values: { token: tokenName(token), scope: provider.scope } });
  }

  /**
   * What `token` means for a socket or a call, made anew when it is transient.
   *
   * @throws GatewayError `GATEWAY_NOT_FOUND`, `GATEWAY_NO_SCOPE`
   */
  async resolve(token: InjectionToken, subject: Subject | undefined): Promise<unknown> {
    const { value } = await this.scopes.resolve(this.#find(token), subject);
    return value;
  }

  /** Disposes of what has lived as long as the application, the last made first. Never rejects. */
  async dispose(): Promise<void> {
    const disposables = this.#made.flatMap(({ value, provider }) =>
      provider.isMade && isDisposable(value) ? [{ value, provider }] : [],
    );
    await disposeAll(disposables, this.#logger);
  }

  /** Finds out what everybody needs, and binds what is not bound yet. */
  #link(): void {
    this.#links = linkProviders(this.#modules, this.#lookup);
    this.#lifetimes = readLifetimes(this.#links);
    this.scopes.plan(this.#links, this.#lifetimes);
    for (const [provider, links] of this.#links) {
      if (!this.isScoped(provider) && !this.#bound.has(provider)) this.#bind(provider, links);
    }
  }

  readonly #lookup: Lookup = (token, module, requester) => {
    const elsewhere = module.replacements.has(requester) ? this.#modules.at(-1) : undefined;
    return module.find(token) ?? elsewhere?.find(token) ?? this.#platformNode(token, requester);
  };

  #find(token: InjectionToken): ProviderNode {
    const root = this.#modules.at(-1);
    const owner = this.#modules.find(({ providers }) => providers.has(token));
    const provider = root?.find(token) ?? owner?.providers.get(token) ?? this.#platformNode(token, undefined);
    if (provider !== undefined) return provider;
    const { clause: near } = findNear(token, undefined, this.#modules);
    throw new GatewayError("GATEWAY_NOT_FOUND", { values: { token: tokenName(token), near } });
  }

  #platformNode(token: InjectionToken, requester: ProviderNode | undefined): ProviderNode | undefined {
    const provider = this.#platform(token, requester);
    if (provider === undefined) return undefined;
    const known = this.#platformNodes.get(provider.provide);
    if (known !== undefined) return known;
    const isAmbient = "read" in provider;
    const node = isAmbient ? toAmbientNode(provider) : toProviderNode(provider, "Rookery");
    this.#platformNodes.set(provider.provide, node);
    if (!isAmbient) this.#bind(node, []);
    return node;
  }

  #aliased(provider: ProviderNode): ProviderNode {
    const target = provider.isAlias ? this.#links.get(provider)?.[0]?.provider : undefined;
    return target === undefined ? provider : this.#aliased(target);
  }

  async #enhancer(provider: ProviderNode): Promise<unknown> {
    const target = this.#aliased(provider);
    if (this.isScoped(target)) return this.#standIn(target);
    const { value } = await this.#boxOf(target);
    await this.#debts.settle((other) => this.#boxOf(other));
    return value;
  }

  /** One for all who use it: a guard of several gateways judges a connection once. */
  #standIn(provider: ProviderNode): object {
    const stand = this.#standIns.get(provider) ?? standIn(provider, this.scopes);
    this.#standIns.set(provider, stand);
    return stand;
  }

  #singleton(provider: ProviderNode): Box {
    return this.#singletons.get(provider) ?? this.#container.get<Box>(this.#key(provider));
  }

  async #boxOf(provider: ProviderNode): Promise<Box> {
    return this.#singletons.get(provider) ?? this.#container.getAsync<Box>(this.#key(provider));
  }

  #key(provider: ProviderNode): symbol {
    let key = this.#keys.get(provider);
    if (key === undefined) {
      key = Symbol(`${provider.module} > ${tokenName(provider.token)}`);
      this.#keys.set(provider, key);
    }
    return key;
  }

  #bind(provider: ProviderNode, links: readonly Link[]): void {
    this.#bound.add(provider);
    const present = links.flatMap((link) => (link.isDeferred ? [] : (link.provider ?? [])));
    const binding = this.#container.bind<Box>(this.#key(provider)).toResolvedValue(
      (...boxes: Box[]) => {
        const remaining = boxes.values();
        const values = links.map((link) =>
          link.isDeferred || link.provider === undefined ? undefined : remaining.next().value?.value,
        );
        return this.#create(provider, links, values);
      },
      present.map((needed) => this.#key(needed)),
    );
    if (provider.scope === "transient" || provider.isAlias) binding.inTransientScope();
    else binding.inSingletonScope();
  }

  #create(provider: ProviderNode, links: readonly Link[], values: readonly unknown[]): BoxOrPromise {
    const made = makeInstance(provider, links, values, this.#debts);
    return "value" in made ? this.#keep(provider, made) : made.then((box) => this.#keep(provider, box));
  }

  #keep(provider: ProviderNode, box: Box): Box {
    if (provider.isAlias) return box;
    if (provider.scope === "singleton") this.#singletons.set(provider, box);
    this.#made.push({ value: box.value, provider });
    return box;
  }
}
