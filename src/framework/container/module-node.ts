import { isForwardReference, tokenName, type Class, type InjectionToken } from "../contracts/class.js";
import type { ModuleExport, ModuleMetadata, Provider } from "../contracts/module.js";
import { GatewayError } from "../errors.js";
import { at, type SourcePlace } from "../metadata/source-place.js";
import { enhancerKindOf, enhancerToken, type EnhancerKind } from "./app-tokens.js";
import { toProviderNode, type ProviderNode } from "./provider-node.js";

/** A provider of one of the `APP_…` tokens. */
export interface AppEnhancer {
  readonly kind: EnhancerKind;
  /** The key among the module's providers. */
  readonly token: InjectionToken;
}

/** What a module is made of, and where its decorator stands. */
interface ModuleSource {
  readonly type: Class;
  readonly place: SourcePlace | undefined;
}

/** One module of the application, with what it provides and what it sees of others. */
export class ModuleNode {
  readonly type: Class;
  readonly name: string;
  readonly #place: SourcePlace | undefined;
  /** The classes that importing modules name it by: its own, and that of a module whose place it takes. */
  readonly knownAs = new Set<unknown>();
  /** Filled while the modules are read. */
  readonly imports: ModuleNode[] = [];
  /** In the order listed, the module's own class last. */
  readonly providers = new Map<InjectionToken, ProviderNode>();
  readonly enhancers: AppEnhancer[] = [];
  /** Those that stand in for others, in tests: the test's own providers are theirs too. */
  readonly replacements = new Set<ProviderNode>();
  /** How many imports lie between it and the root module, on the longest way. */
  distance = 0;
  readonly #exports: ReadonlySet<unknown>;
  readonly #globals: readonly ModuleNode[];

  /** @param globals - the modules whose exports everybody sees. */
  constructor(source: ModuleSource, metadata: ModuleMetadata, globals: readonly ModuleNode[]) {
    const { type, place } = source;
    this.type = type;
    this.name = tokenName(type);
    this.#place = place;
    this.knownAs.add(type);
    this.#exports = new Set((metadata.exports ?? []).map(exportedToken));
    this.#globals = globals;
    for (const provider of metadata.providers ?? []) this.provide(provider);
    this.provide(type);
  }

  /** `ChatModule (src/chat.module.ts:5)`, for errors. */
  get label(): string {
    return at(this.name, this.#place);
  }

  provide(provider: Provider): ProviderNode {
    const kind = enhancerKindOf(provider);
    if (kind === undefined) return this.#add(provider);
    const listed = provider as Exclude<Provider, Class>;
    const token = enhancerToken(listed);
    this.enhancers.push({ kind, token });
    return this.#add({ ...listed, provide: token });
  }

  /**
   * Puts another provider in the place of one: `provider.provide` is its token, or the class of an `APP_…` token's. An
   * `APP_…` token itself stands for all that is provided under it.
   *
   * @returns whether there was one.
   */
  replace(provider: Exclude<Provider, Class>): boolean {
    const wanted = provider.provide;
    const wantedKind = enhancerKindOf(provider);
    const tokens = [...this.providers].filter(([token, node]) => {
      const kind = this.enhancers.find((own) => own.token === token)?.kind;
      return token === wanted || (kind !== undefined && (kind === wantedKind || node.implementation === wanted));
    });
    for (const [token] of tokens) this.replacements.add(this.#add({ ...provider, provide: token }));
    return tokens.length > 0;
  }

  /** What `token` means inside this module: an own provider, an export of an imported module, or of a global one. */
  find(token: InjectionToken): ProviderNode | undefined {
    return this.#find(token, new Set());
  }

  exports(token: InjectionToken): boolean {
    return this.#findExported(token, new Set()) !== undefined;
  }

  /** @throws GatewayError `GATEWAY_UNKNOWN_EXPORT` */
  checkExports(): void {
    for (const item of this.#exports) {
      const isModule = this.imports.some(({ knownAs }) => knownAs.has(item));
      if (!isModule && this.find(item as InjectionToken) === undefined) {
        throw new GatewayError("GATEWAY_UNKNOWN_EXPORT", {
          values: { module: this.name, where: this.label, token: tokenName(item) },
        });
      }
    }
  }

  #add(provider: Provider): ProviderNode {
    const node = toProviderNode(provider, this.name, this.#place);
    this.providers.set(node.token, node);
    return node;
  }

  /** @param asked - modules that have been asked for what they export; those in a circle are asked once. */
  #find(token: InjectionToken, asked: Set<ModuleNode>): ProviderNode | undefined {
    const own = this.providers.get(token);
    if (own !== undefined) return own;
    for (const other of [...this.imports, ...this.#globals]) {
      const found = other.#findExported(token, asked);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #findExported(token: InjectionToken, asked: Set<ModuleNode>): ProviderNode | undefined {
    if (asked.has(this)) return undefined;
    asked.add(this);
    if (this.#exports.has(token)) return this.#find(token, asked);
    for (const imported of this.imports) {
      const found = this.#exportsModule(imported) ? imported.#findExported(token, asked) : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #exportsModule({ knownAs }: ModuleNode): boolean {
    for (const type of knownAs) if (this.#exports.has(type)) return true;
    return false;
  }
}

function exportedToken(item: ModuleExport): unknown {
  const named: unknown = isForwardReference(item) ? item.forwardRef() : item;
  if (typeof named !== "object" || named === null) return named;
  if ("module" in named) return named.module;
  return "provide" in named ? named.provide : named;
}
