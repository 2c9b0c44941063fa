import "../metadata/store.js";
import { Container } from "inversify";
import { tokenName, type Class, type InjectionToken } from "../contracts/class.js";
import type { Provider } from "../contracts/module.js";
import { GatewayError } from "../errors.js";
import { isThenable } from "../thenable.js";
import { messageOf } from "../thrown.js";
import type { ModuleNode } from "./module-node.js";
import { nearClause } from "./near.js";
import { linkProviders, type Lookup } from "./provider-links.js";
import { toProviderNode, type ProviderNode } from "./provider-node.js";

/** What is provided in every module without being listed, such as the server. */
export type Platform = (token: InjectionToken, requester: Class | undefined) => Provider | undefined;

/** An instance that the container has made. */
export interface MadeInstance {
  readonly value: unknown;
  readonly provider: ProviderNode;
}

/**
 * Makes and keeps the instances of an application. Which provider a token means in which module is decided here; inversify
 * does the resolving: every provider of every module is bound under a key of its own, so encapsulation costs no child
 * container.
 */
export class Injector {
  readonly #container = new Container();
  readonly #modules: readonly ModuleNode[];
  readonly #platform: Platform;
  readonly #platformNodes = new Map<unknown, ProviderNode>();
  readonly #keys = new Map<ProviderNode, symbol>();
  readonly #made: MadeInstance[] = [];

  /** @param modules - as `scanModules` orders them. */
  constructor(modules: readonly ModuleNode[], platform: Platform) {
    this.#modules = modules;
    this.#platform = platform;
  }

  /** Singletons in the order they were made: each after everything it needs. */
  get instances(): readonly MadeInstance[] {
    return this.#made;
  }

  /**
   * Makes every singleton, asynchronous ones too.
   *
   * @throws GatewayError when something is missing, circular, or fails to be made.
   */
  async instantiate(): Promise<void> {
    const links = linkProviders(this.#modules, this.#lookup);
    for (const [provider, needs] of links) this.#bind(provider, needs);
    for (const provider of links.keys()) {
      if (provider.scope === "singleton") await this.#container.getAsync(this.#key(provider));
    }
  }

  /** Makes a class that no module lists, with what `module` sees; the module's own provider when there is one. */
  async make(type: Class, module: ModuleNode): Promise<unknown> {
    const known = module.find(type);
    if (known !== undefined) return (await this.#container.getAsync<Box>(this.#key(known))).value;
    const added = module.provide(type);
    this.#bind(added, linkProviders(this.#modules, this.#lookup).get(added) ?? []);
    return (await this.#container.getAsync<Box>(this.#key(added))).value;
  }

  /** The instance of one provider of one module. */
  instanceOf(provider: ProviderNode): unknown {
    return this.#box(provider).value;
  }

  /**
   * The instance that the root module sees under `token`, or else whichever module provides it.
   *
   * @throws GatewayError `GATEWAY_NOT_FOUND`.
   */
  get(token: InjectionToken): unknown {
    const root = this.#modules.at(-1);
    const owner = this.#modules.find(({ providers }) => providers.has(token));
    const provider = root?.find(token) ?? owner?.providers.get(token) ?? this.#platformNode(token, undefined);
    if (provider === undefined) {
      const near = nearClause(token, undefined, this.#modules);
      throw new GatewayError("GATEWAY_NOT_FOUND", { values: { token: tokenName(token), near } });
    }
    return this.#box(provider).value;
  }

  readonly #lookup: Lookup = (token, module, requester) =>
    module.find(token) ?? this.#platformNode(token, requester.implementation);

  #platformNode(token: InjectionToken, requester: Class | undefined): ProviderNode | undefined {
    const provider = this.#platform(token, requester);
    if (provider === undefined) return undefined;
    const identity = "provide" in provider ? provider.provide : provider;
    const known = this.#platformNodes.get(identity);
    if (known !== undefined) return known;
    const node = toProviderNode(provider, "Rookery");
    this.#platformNodes.set(identity, node);
    this.#bind(node, []);
    return node;
  }

  #key(provider: ProviderNode): symbol {
    let key = this.#keys.get(provider);
    if (key === undefined) {
      key = Symbol(`${provider.module} > ${tokenName(provider.token)}`);
      this.#keys.set(provider, key);
    }
    return key;
  }

  #box(provider: ProviderNode): Box {
    try {
      return this.#container.get<Box>(this.#key(provider));
    } catch (error) {
      if (GatewayError.is(error)) throw error;
      const values = { token: tokenName(provider.token), scope: provider.scope };
      throw new GatewayError("GATEWAY_NOT_SINGLETON", { values, cause: error });
    }
  }

  #bind(provider: ProviderNode, needs: readonly (ProviderNode | undefined)[]): void {
    const present = needs.filter((needed) => needed !== undefined);
    const binding = this.#container.bind<Box>(this.#key(provider)).toResolvedValue(
      (...boxes: Box[]) => {
        const remaining = boxes.values();
        const values = needs.map((needed) => (needed === undefined ? undefined : remaining.next().value?.value));
        return this.#create(provider, values);
      },
      present.map((needed) => this.#key(needed)),
    );
    if (provider.scope === "transient" || provider.isAlias) binding.inTransientScope();
    else binding.inSingletonScope();
  }

  #create(provider: ProviderNode, values: readonly unknown[]): Box | Promise<Box> {
    try {
      const created = provider.create(values);
      if (!provider.isAwaited || !isThenable(created)) return this.#keep(provider, created);
      return Promise.resolve(created).then(
        (value) => this.#keep(provider, value),
        (error: unknown) => {
          throw failed(provider, error);
        },
      );
    } catch (error) {
      throw failed(provider, error);
    }
  }

  #keep(provider: ProviderNode, value: unknown): Box {
    if (provider.scope === "singleton" && !provider.isAlias) this.#made.push({ value, provider });
    return { value };
  }
}

/** Instances travel through inversify in a box: it would await those that happen to have a method named `then`. */
interface Box {
  readonly value: unknown;
}

function failed(provider: ProviderNode, cause: unknown): GatewayError {
  if (GatewayError.is(cause)) return cause;
  const values = { provider: tokenName(provider.token), module: provider.module, detail: messageOf(cause) };
  return new GatewayError("GATEWAY_PROVIDER_FAILED", { values, cause });
}
