import { isClass, tokenName, type Class } from "../contracts/class.js";
import type { ModuleNode } from "../container/module-node.js";
import type { ProviderNode } from "../container/provider-node.js";
import { at } from "../metadata/source-place.js";
import { inheritNotes } from "../metadata/store.js";
import type { GatewayRecord, NamespaceRecord } from "../metadata/types.js";
import type { Problems } from "../problems.js";
import { Named, type GatewayContract, type HandlerContract, type HookContract } from "./contract.js";
import { readGatewayLimits } from "./limits.js";
import { inheritedRecord } from "./method-records.js";
import { readMethod, type GatewayPlace } from "./methods.js";
import { toNamespacePattern, type NamespacePattern } from "./namespace-pattern.js";
import { namedEnhancers } from "./parameters.js";
import { checkNestHooks, checkNotAGateway } from "./placement.js";

/** A gateway as found among the providers. */
export interface ExploredGateway {
  readonly namespace: NamespacePattern;
  readonly middlewares: NonNullable<NamespaceRecord["options"]["middlewares"]>;
  readonly contract: GatewayContract;
  readonly module: ModuleNode;
  readonly provider: ProviderNode;
}

/**
 * Finds the gateways among all providers and reads their decorators.
 *
 * @param problems - gets whatever could not work once clients are there; what has a problem may be missing in the result.
 */
export function exploreGateways(modules: readonly ModuleNode[], problems: Problems): readonly ExploredGateway[] {
  return modules.flatMap((module) =>
    [...module.providers.values()].flatMap((provider) => {
      const type = provider.implementation ?? (isClass(provider.token) ? provider.token : undefined);
      const record = provider.isAlias || type === undefined ? undefined : inheritedRecord(type);
      if (type === undefined || record === undefined) return [];
      const { namespace } = record;
      if (namespace === undefined) {
        problems.try(() => {
          checkNotAGateway(type, record);
        });
        return [];
      }
      const explored = problems.try(() => explore(type, { ...record, namespace }, { module, provider, problems }));
      return explored ?? [];
    }),
  );
}

const NO_LIMITS = { rateLimits: [], connectLimits: [] };

interface Finding {
  readonly module: ModuleNode;
  readonly provider: ProviderNode;
  readonly problems: Problems;
}

function explore(
  type: Class,
  record: GatewayRecord & { readonly namespace: NamespaceRecord },
  { module, provider, problems }: Finding,
): ExploredGateway {
  const { pattern, options, place } = record.namespace;
  const name = tokenName(type);
  const namespace = toNamespacePattern(pattern, at(name, place));
  const { handlers, hooks } = readMethods({ type, namespace, place }, record, problems);
  checkNestHooks(type, record, at(name, place), problems);
  const contract: GatewayContract = {
    gateway: new Named(name, type),
    module: module.name,
    place,
    ...namedEnhancers(record),
    validation: record.validation,
    ...(problems.try(() => readGatewayLimits(record.rateLimits, at(name, place))) ?? NO_LIMITS),
    handlers,
    hooks,
  };
  return { namespace, middlewares: options.middlewares ?? [], contract, module, provider };
}

function readMethods(
  gateway: GatewayPlace,
  { methods }: GatewayRecord,
  problems: Problems,
): { readonly handlers: readonly HandlerContract[]; readonly hooks: readonly HookContract[] } {
  for (const key of methods.keys()) inheritNotes(gateway.type, key);
  const read = [...methods].map(([key, record]) => problems.try(() => readMethod(gateway, { key, record }, problems)));
  return {
    handlers: read.flatMap((method) => method?.handler ?? []),
    hooks: read.flatMap((method) => method?.hooks ?? []),
  };
}
