import { inspect } from "node:util";
import { isClass, tokenName, type Class, type InjectionToken } from "../contracts/class.js";
import type { Provider, Scope } from "../contracts/module.js";
import { GatewayError } from "../errors.js";
import { INJECTABLE } from "../metadata/keys.js";
import { nearestRecord } from "../metadata/store.js";
import type { InjectableRecord } from "../metadata/types.js";
import { classDependencies, factoryDependencies, type Dependency } from "./dependencies.js";

/** One provider of one module, whatever form it was written in. */
export interface ProviderNode {
  readonly token: InjectionToken;
  /** Its module's name, for errors. */
  readonly module: string;
  readonly scope: "singleton" | "transient";
  readonly dependencies: readonly Dependency[];
  /** The class whose instances it provides, when that is known before it runs. */
  readonly implementation: Class | undefined;
  /** An alias has no instance of its own. */
  readonly isAlias: boolean;
  /** @param values - the dependencies in order; `undefined` for optional ones that nobody provides. */
  readonly create: (values: readonly unknown[]) => unknown;
  /** Whether a thenable from `create` is the way to the instance (a factory), or is the instance. */
  readonly isAwaited: boolean;
}

/** @throws GatewayError `GATEWAY_BAD_PROVIDER` when `provider` has none of the known forms. */
export function toProviderNode(provider: Provider, module: string): ProviderNode {
  if (isClass(provider)) return classNode(provider, provider, { module, scope: undefined });
  if (typeof provider !== "object" || !("provide" in provider)) throw badProvider(provider, module);
  const { provide: token } = provider;
  if ("useValue" in provider) {
    const { useValue } = provider;
    return { ...node(token, module), create: () => useValue };
  }
  if ("useExisting" in provider) {
    const target: Dependency = {
      token: provider.useExisting,
      isOptional: false,
      where: "useExisting",
      property: undefined,
    };
    return { ...node(token, module), dependencies: [target], isAlias: true, create: ([value]) => value };
  }
  if ("useFactory" in provider) {
    const factory = provider.useFactory as (...values: readonly unknown[]) => unknown;
    return {
      ...node(token, module),
      scope: supportedScope(provider.scope, token),
      dependencies: factoryDependencies(provider.inject ?? [], `the factory of ${tokenName(token)}`),
      create: (values) => factory(...values),
      isAwaited: true,
    };
  }
  if (isClass((provider as { useClass?: unknown }).useClass)) {
    return classNode(token, provider.useClass, { module, scope: provider.scope });
  }
  throw badProvider(provider, module);
}

function classNode(
  token: InjectionToken,
  implementation: Class,
  { module, scope }: { module: string; scope: Scope | undefined },
): ProviderNode {
  const record = nearestRecord(INJECTABLE, implementation) as InjectableRecord | undefined;
  const dependencies = classDependencies(implementation);
  return {
    ...node(token, module),
    scope: supportedScope(scope ?? record?.scope, token),
    dependencies,
    implementation,
    create: (values) => construct(implementation, dependencies, values),
  };
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
    implementation: undefined,
    isAlias: false,
    create: () => undefined,
    isAwaited: false,
  };
}

function supportedScope(scope: Scope | undefined, token: InjectionToken): "singleton" | "transient" {
  if (scope === undefined || scope === "singleton" || scope === "transient") return scope ?? "singleton";
  throw new GatewayError("GATEWAY_UNSUPPORTED", {
    values: { where: tokenName(token), what: `scope "${scope}"`, mend: 'Use "singleton" or "transient".' },
  });
}

function badProvider(provider: unknown, module: string): GatewayError {
  return new GatewayError("GATEWAY_BAD_PROVIDER", { values: { module, value: inspect(provider, { depth: 1 }) } });
}
