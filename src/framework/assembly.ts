import { Server } from "../core.js";
import { Injector } from "./container/injector.js";
import type { ModuleNode } from "./container/module-node.js";
import { withMocks } from "./container/mocks.js";
import { scanModules } from "./container/module-scan.js";
import { applyOverrides, type ProviderOverride, type Substitutes } from "./container/overrides.js";
import type { ModuleImport } from "./contracts/module.js";
import { buildContract } from "./gateway/build-contract.js";
import type { ApplicationContract } from "./gateway/contract.js";
import { adoptEnhancers } from "./gateway/enhancers.js";
import { exploreGateways, type ExploredGateway } from "./gateway/explorer.js";
import { providedEnhancers } from "./gateway/global-contract.js";
import { Namespaces } from "./gateway/namespaces.js";
import { Problems } from "./problems.js";
import { createLogger } from "./observability/logger.js";
import { resolveOptions, type ApplicationOptions, type ResolvedOptions } from "./options.js";
import { platformOf } from "./platform.js";
import { checkCors } from "./cors-check.js";
import { compileValidation, type ValidationTables } from "./validation/validators.js";

/** The parts of an application, checked and made, with nothing served yet. */
export interface Assembly {
  readonly server: Server;
  readonly root: ModuleNode;
  readonly modules: readonly ModuleNode[];
  readonly injector: Injector;
  readonly namespaces: Namespaces;
  readonly gateways: readonly ExploredGateway[];
  readonly contract: ApplicationContract;
  readonly validation: ValidationTables;
  readonly options: ResolvedOptions;
  /** Overrides of enhancers that nothing has named yet. */
  readonly awaited: readonly ProviderOverride[];
  /** Whether what starts and ends with the application is left alone. */
  readonly withoutHooks: boolean;
}

/**
 * Reads modules and decorators, checks all of it, and makes the providers.
 *
 * @throws GatewayError for whatever could not work once clients are there; `GATEWAY_START_FAILED` with all of it when
 * there is more than one thing.
 */
export async function assemble(
  rootModule: ModuleImport,
  options: ApplicationOptions,
  { overrides = [], moduleOverrides, mockMissing, withoutHooks = false }: Substitutes = {},
): Promise<Assembly> {
  const problems = new Problems();
  problems.try(() => {
    checkCors(options);
  });
  const resolved = problems.try(() => resolveOptions(options));
  const modules = (await problems.tryAsync(() => scanModules(rootModule, moduleOverrides))) ?? [];
  const root = modules.at(-1);
  // Nothing can be said of gateways whose modules or options cannot be read.
  if (resolved === undefined || root === undefined) throw problems.toError();
  // What is wrong is told after the overrides, which may mend it.
  adoptEnhancers(exploreGateways(modules, new Problems()));
  const awaited = applyOverrides(modules, overrides);
  const gateways = exploreGateways(modules, problems);
  const contract = { ...buildContract(gateways, problems), global: providedEnhancers(modules) };
  const contracts = gateways.map((gateway) => gateway.contract);
  const validation = await compileValidation(contracts, resolved.validation, problems);
  const server = new Server({ ...options, logger: options.logger ?? createLogger() });
  const namespaces = new Namespaces(
    server,
    gateways.map(({ namespace }) => namespace),
  );
  const platform = withMocks(platformOf(server, namespaces), mockMissing, modules);
  const injector = new Injector(modules, { platform, logger: server.logger });
  problems.try(() => {
    injector.checkLinks();
  });
  problems.throwAny();
  await injector.instantiate();
  return {
    server,
    root,
    modules,
    injector,
    namespaces,
    gateways,
    contract,
    validation,
    options: resolved,
    awaited,
    withoutHooks,
  };
}
