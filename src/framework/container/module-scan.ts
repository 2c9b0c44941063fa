import { isThenable } from "../../common/index.js";
import { isClass, isForwardReference, tokenName, type Class } from "../contracts/class.js";
import type { DynamicModule, ModuleImport, ModuleMetadata } from "../contracts/module.js";
import { GatewayError } from "../errors.js";
import { GLOBAL, MODULE } from "../metadata/keys.js";
import { at, type SourcePlace } from "../metadata/source-place.js";
import { nearestRecord } from "../metadata/store.js";
import type { ModuleRecord } from "../metadata/types.js";
import { messageOf } from "../thrown.js";
import { ModuleNode } from "./module-node.js";
import { similarClause } from "./near.js";

/**
 * Reads the modules that `root` reaches, and waits for those that are promised.
 *
 * @param overrides - taken in the place of the modules of these classes, dynamic ones too; for tests.
 * @returns imported modules before those that import them, `root` last; each module once.
 * @throws GatewayError for what is no module, for circles without `forwardRef`, for exports that do not exist;
 * `GATEWAY_UNKNOWN_OVERRIDE` for a class that nobody imports.
 */
export async function scanModules(
  root: ModuleImport,
  overrides: ModuleOverrides = new Map(),
): Promise<readonly ModuleNode[]> {
  const scan = new ModuleScan(overrides);
  await scan.visit({ item: root, where: () => "the root module" });
  const { modules, globals } = scan;
  for (const type of overrides.keys())
    if (!modules.some(({ knownAs }) => knownAs.has(type))) throw unknownModule(type, modules);
  for (const module of modules) module.checkExports();
  measureDistances(modules, globals);
  return modules;
}

/** What is imported in the place of each of these modules. */
export type ModuleOverrides = ReadonlyMap<Class, Class | DynamicModule>;

/** One element of `imports`. */
interface Import {
  readonly item: unknown;
  /** For errors. */
  readonly where: () => string;
}

/** One module whose imports are being read. */
interface Step {
  readonly node: ModuleNode;
  /** Whether the module before it on the path names it by `forwardRef`. */
  readonly isForward: boolean;
}

class ModuleScan {
  /** Exported to everybody; shared with every node, and filled as they are found. */
  readonly globals: ModuleNode[] = [];
  /** By what was imported: a class, or one particular dynamic module. */
  readonly #known = new Map<unknown, ModuleNode>();
  readonly #finished = new Set<ModuleNode>();
  readonly #path: Step[] = [];
  readonly #overrides: ModuleOverrides;

  constructor(overrides: ModuleOverrides) {
    this.#overrides = overrides;
  }

  get modules(): readonly ModuleNode[] {
    return [...this.#finished];
  }

  async visit({ item, where }: Import): Promise<ModuleNode> {
    const isForward = isForwardReference(item);
    const named = isForward ? item.forwardRef() : item;
    const wanted = isThenable(named) ? await promised(named, where) : named;
    const wantedType = typeOf(wanted) as Class;
    const key = this.#overrides.get(wantedType) ?? wanted;
    const known = this.#known.get(key);
    if (known !== undefined) {
      known.knownAs.add(wantedType);
      this.#checkCircle(known, isForward);
      return known;
    }
    const { type, metadata, place, isGlobal } = describe(key, where);
    const node = new ModuleNode({ type, place }, metadata, this.globals);
    node.knownAs.add(wantedType);
    this.#known.set(key, node);
    if (isGlobal) this.globals.push(node);
    await this.#readImports({ node, isForward }, metadata.imports ?? []);
    this.#finished.add(node);
    return node;
  }

  async #readImports(step: Step, imports: readonly unknown[]): Promise<void> {
    const { node } = step;
    this.#path.push(step);
    for (const [index, item] of imports.entries()) {
      node.imports.push(await this.visit({ item, where: () => `imports[${index}] of ${node.label}` }));
    }
    this.#path.pop();
  }

  /** @throws GatewayError `GATEWAY_CIRCULAR_MODULES` when none of the modules between names the next by `forwardRef`. */
  #checkCircle(node: ModuleNode, isForward: boolean): void {
    const start = this.#path.findIndex((step) => step.node === node);
    const circle = start === -1 ? [] : this.#path.slice(start);
    if (start === -1 || isForward || circle.slice(1).some((step) => step.isForward)) return;
    const chain = [...circle.map((step) => step.node.label), node.name].join(" > ");
    throw new GatewayError("GATEWAY_CIRCULAR_MODULES", { values: { chain } });
  }
}

async function promised(module: PromiseLike<unknown>, where: () => string): Promise<unknown> {
  try {
    return await module;
  } catch (cause) {
    throw new GatewayError("GATEWAY_MODULE_FAILED", { values: { where: where(), detail: messageOf(cause) }, cause });
  }
}

interface Description {
  readonly type: Class;
  readonly place: SourcePlace | undefined;
  readonly metadata: ModuleMetadata;
  readonly isGlobal: boolean;
}

function describe(item: unknown, where: () => string): Description {
  const type = typeOf(item);
  const record = isClass(type) ? (nearestRecord(MODULE, type) as ModuleRecord | undefined) : undefined;
  if (!isClass(type) || (record === undefined && !isDynamic(item))) {
    throw new GatewayError("GATEWAY_BAD_MODULE", { values: { where: where(), value: tokenName(type) } });
  }
  const { metadata: declared, place } = record ?? {};
  const isGlobal = nearestRecord(GLOBAL, type) === true || (isDynamic(item) && item.global === true);
  for (const metadata of [declared, item])
    checkLists(metadata as ModuleMetadata | undefined, at(tokenName(type), place));
  return { type, place, metadata: isDynamic(item) ? merge(declared, item) : (declared ?? {}), isGlobal };
}

/** @throws GatewayError `GATEWAY_BAD_OPTION` */
function checkLists({ imports, providers, exports }: ModuleMetadata = {}, module: string): void {
  for (const [name, list] of Object.entries({ imports, providers, exports })) {
    if (list === undefined || Array.isArray(list)) continue;
    const values = { option: `${name} of ${module}`, value: tokenName(list), expected: "an array" };
    throw new GatewayError("GATEWAY_BAD_OPTION", { values });
  }
}

/** The longest way from the root counts; global modules are farther than all others, as everybody may need them. */
function measureDistances(modules: readonly ModuleNode[], globals: readonly ModuleNode[]): void {
  for (const module of globals) module.distance = modules.length;
  const measured = new Set<ModuleNode>();
  // Importing modules before imported ones, but for the way back in a circle, which counts for nothing.
  for (const module of modules.toReversed()) {
    measured.add(module);
    for (const imported of module.imports) {
      if (!measured.has(imported)) imported.distance = Math.max(imported.distance, module.distance + 1);
    }
  }
}

function typeOf(item: unknown): unknown {
  return isDynamic(item) ? item.module : item;
}

function unknownModule(type: Class, modules: readonly ModuleNode[]): GatewayError {
  const near = similarClause(
    tokenName(type),
    modules.map(({ name }) => name),
  );
  return new GatewayError("GATEWAY_UNKNOWN_OVERRIDE", { values: { token: tokenName(type), lacks: "imports", near } });
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
