import { isClass, tokenName, type Class, type InjectionToken } from "../contracts/class.js";
import type { DynamicModule, ModuleImport, ModuleMetadata, Provider } from "../contracts/module.js";
import { GatewayError } from "../errors.js";
import { MODULE } from "../metadata/keys.js";
import { nearestRecord } from "../metadata/store.js";
import { toProviderNode, type ProviderNode } from "./provider-node.js";

/** One module of the application, with what it provides and what it sees of others. */
export class ModuleNode {
  readonly type: Class;
  readonly name: string;
  readonly imports: readonly ModuleNode[];
  /** In the order listed, the module's own class last. */
  readonly providers = new Map<InjectionToken, ProviderNode>();
  readonly #exports: ReadonlySet<unknown>;

  constructor(type: Class, metadata: ModuleMetadata, imports: readonly ModuleNode[]) {
    this.type = type;
    this.name = tokenName(type);
    this.imports = imports;
    this.#exports = new Set(metadata.exports);
    for (const provider of metadata.providers ?? []) this.provide(provider);
    this.provide(type);
    this.#checkExports();
  }

  provide(provider: Provider): ProviderNode {
    const node = toProviderNode(provider, this.name);
    this.providers.set(node.token, node);
    return node;
  }

  /** What `token` means inside this module: an own provider, or an export of an imported module. */
  find(token: InjectionToken): ProviderNode | undefined {
    const own = this.providers.get(token);
    if (own !== undefined) return own;
    for (const imported of this.imports) {
      const found = imported.#findExported(token);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  exports(token: InjectionToken): boolean {
    return this.#findExported(token) !== undefined;
  }

  #findExported(token: InjectionToken): ProviderNode | undefined {
    if (this.#exports.has(token)) return this.find(token);
    for (const imported of this.imports) {
      const found = this.#exports.has(imported.type) ? imported.#findExported(token) : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #checkExports(): void {
    for (const item of this.#exports) {
      const isModule = this.imports.some(({ type }) => type === item);
      if (!isModule && this.find(item as InjectionToken) === undefined) {
        throw new GatewayError("GATEWAY_UNKNOWN_EXPORT", { values: { module: this.name, token: tokenName(item) } });
      }
    }
  }
}

/**
 * Reads the modules that `root` reaches.
 *
 * @returns imported modules before those that import them, `root` last; each module once.
 */
export function scanModules(root: ModuleImport): readonly ModuleNode[] {
  const scan: Scan = { nodes: new Map(), path: [] };
  visit(root, "the root module", scan);
  return [...scan.nodes.values()];
}

interface Scan {
  /** By what was imported: a class, or one particular dynamic module. */
  readonly nodes: Map<ModuleImport, ModuleNode>;
  /** The modules whose imports are being read. */
  readonly path: Class[];
}

function visit(item: unknown, where: string, scan: Scan): ModuleNode {
  const type = isDynamic(item) ? item.module : item;
  const declared = isClass(type) ? (nearestRecord(MODULE, type) as ModuleMetadata | undefined) : undefined;
  if (!isClass(type) || (declared === undefined && !isDynamic(item))) {
    throw new GatewayError("GATEWAY_BAD_MODULE", { values: { where, value: tokenName(type) } });
  }
  const key = isDynamic(item) ? item : type;
  const known = scan.nodes.get(key);
  if (known !== undefined) return known;
  if (scan.path.includes(type)) {
    const chain = [...scan.path.slice(scan.path.indexOf(type)), type].map(tokenName).join(" > ");
    throw new GatewayError("GATEWAY_CIRCULAR_MODULES", { values: { chain } });
  }
  const metadata = isDynamic(item) ? merge(declared, item) : (declared ?? {});
  scan.path.push(type);
  const imports = (metadata.imports ?? []).map((imported, index) =>
    visit(imported, `imports[${index}] of ${tokenName(type)}`, scan),
  );
  scan.path.pop();
  const node = new ModuleNode(type, metadata, imports);
  scan.nodes.set(key, node);
  return node;
}

function isDynamic(item: unknown): item is DynamicModule {
  return typeof item === "object" && item !== null && "module" in item;
}

function merge(declared: ModuleMetadata = {}, added: ModuleMetadata): ModuleMetadata {
  return {
    imports: [...(declared.imports ?? []), ...(added.imports ?? [])],
    providers: [...(declared.providers ?? []), ...(added.providers ?? [])],
    exports: [...(declared.exports ?? []), ...(added.exports ?? [])],
  };
}
