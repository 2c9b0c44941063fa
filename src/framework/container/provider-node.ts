import { inspect } from "node:util";
import type { Socket } from "../../core.js";
import { isClass, isToken, tokenName, type Class, type InjectionToken } from "../contracts/class.js";
import type { ExecutionContext } from "../contracts/execution-context.js";
import type { Provider, Scope } from "../contracts/module.js";
import { GatewayError } from "../errors.js";
import { INJECTABLE } from "../metadata/keys.js";
import { at, type SourcePlace } from "../metadata/source-place.js";
import { nearestRecord } from "../metadata/store.js";
import type { InjectableRecord } from "../metadata/types.js";
import { classDependencies, factoryDependencies, type Dependency } from "./dependencies.js";

/** One provider of one module, whatever form it was written in. */
export interface ProviderNode {
  readonly token: InjectionToken;
  /** Its module's name, for errors. */
  readonly module: string;
  /** As declared; what an alias or a transient provider comes to depends on what it needs. */
  readonly scope: Scope;
  readonly dependencies: readonly Dependency[];
  /** Why its dependencies cannot be read; it stops the start when the providers are linked. */
  readonly fault: GatewayError | undefined;
  /** The class whose instances it provides, when that is known before it runs. */
  readonly implementation: Class | undefined;
  /** An alias has no instance of its own. */
  readonly isAlias: boolean;
  /** @param values - the dependencies in order; `undefined` for optional ones that nobody provides. */
  readonly create: (values: readonly unknown[]) => unknown;
  /** Whether a thenable from `create` is the way to the instance (a factory), or is the instance. */
  readonly isAwaited: boolean;
  /** Whether the container makes the instance, and so disposes of it; values and aliases are somebody else's. */
  readonly isMade: boolean;
  /** Reads it off the socket or the call that the scope is for, in place of `create`. */
  readonly read: ((subject: Subject) => unknown) | undefined;
}

/** What a scope is for: a connection, or one call on it. */
export type Subject = Socket | ExecutionContext;

/** What a scope has by itself, such as its socket. */
export interface AmbientProvider {
  readonly provide: InjectionToken;
  readonly scope: "connection" | "message";
  readonly read: (subject: Subject) => unknown;
}

/** What every provider of its scope may ask for. */
export function toAmbientNode({ provide, scope, read }: AmbientProvider): ProviderNode {
  return { ...node(provide, "Rookery"), scope, read };
}

/**
 * @param place - where the module is decorated, for errors.
 * @throws GatewayError `GATEWAY_BAD_PROVIDER` when `provider` has none of the known forms.
 */
export function toProviderNode(provider: Provider, module: string, place?: SourcePlace): ProviderNode {
  if (isClass(provider)) return classNode(provider, provider, { module, scope: undefined });
  if (typeof provider !== "object" || (provider as unknown) === null || !("provide" in provider)) {
    throw badProvider(provider, at(module, place));
  }
  const { provide: token } = provider;
  if (!isToken(token)) throw badProvider(provider, at(module, place));
  if ("useValue" in provider) {
    const { useValue } = provider;
    return { ...node(token, module), create: () => useValue };
  }
  if ("useExisting" in provider) {
    const target: Dependency = {
      token: provider.useExisting,
      isOptional: false,
      isForward: false,
      where: "useExisting",
      property: undefined,
    };
    return { ...node(token, module), dependencies: [target], isAlias: true, create: ([value]) => value };
  }
  if ("useFactory" in provider) {
    const factory = provider.useFactory as unknown as (...values: readonly unknown[]) => unknown;
    if (typeof factory !== "function") throw badProvider(provider, at(module, place));
    return {
      ...node(token, module),
      scope: knownScope(provider.scope, token),
      ...readDependencies(() => factoryDependencies(provider.inject ?? [], `the factory of ${tokenName(token)}`)),
      create: (values) => factory(...values),
      isAwaited: true,
      isMade: true,
    };
  }
  if (isClass((provider as { useClass?: unknown }).useClass)) {
    return classNode(token, provider.useClass, { module, scope: provider.scope });
  }
  throw badProvider(provider, at(module, place));
}

function classNode(
  token: InjectionToken,
  implementation: Class,
  { module, scope }: { module: string; scope: Scope | undefined },
): ProviderNode {
  const record = nearestRecord(INJECTABLE, implementation) as InjectableRecord | undefined;
  const { dependencies, fault } = readDependencies(() => classDependencies(implementation));
  return {
    ...node(token, module),
    scope: knownScope(scope ?? record?.scope, token),
    dependencies,
    fault,
    implementation,
    isMade: true,
    create: (values) => construct(implementation, dependencies, values),
  };
}

/** A fault is told later, together with all others. */
function readDependencies(read: () => readonly Dependency[]): Pick<ProviderNode, "dependencies" | "fault"> {
  try {
    return { dependencies: read(), fault: undefined };
  } catch (error) {
    if (!GatewayError.is(error)) throw error;
    return { dependencies: [], fault: error };
  }
}

function construct(implementation: Class, dependencies: readonly Dependency[], values: readonly unknown[]): object {
  const parameters = values.filter((_, index) => dependencies[index]?.property === undefined);
  const instance = new (implementation as new (...args: unknown[]) => object)(...parameters);
  dependencies.forEach(({ property }, index) => {
    if (property !== undefined) (instance as Record<string | symbol, unknown>)[property] = values[index];
  });
  return instance;
}

function node(token: InjectionToken, module: string): ProviderNode {
  return {
    token,
    module,
    scope: "singleton",
    dependencies: [],
    fault: undefined,
    implementation: undefined,
    isAlias: false,
    create: () => undefined,
    isAwaited: false,
    isMade: false,
    read: undefined,
  };
}

const SCOPES: ReadonlySet<unknown> = new Set<Scope>(["singleton", "transient", "connection", "message"]);

function knownScope(scope: unknown, token: InjectionToken): Scope {
  if (scope === undefined) return "singleton";
  if (SCOPES.has(scope)) return scope as Scope;
  const values = { provider: tokenName(token), scope: inspect(scope), known: [...SCOPES].join(", ") };
  throw new GatewayError("GATEWAY_UNKNOWN_SCOPE", { values });
}

function badProvider(provider: unknown, module: string): GatewayError {
  return new GatewayError("GATEWAY_BAD_PROVIDER", { values: { module, value: inspect(provider, { depth: 1 }) } });
}
