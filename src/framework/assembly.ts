import { Server } from "../core.js";
import { Injector } from "./container/injector.js";
import { scanModules, type ModuleNode } from "./container/module-node.js";
import { applyOverrides, type ProviderOverride } from "./container/overrides.js";
import type { ModuleImport } from "./contracts/module.js";
import { GatewayError } from "./errors.js";
import { buildContract } from "./gateway/build-contract.js";
import type { ApplicationContract } from "./gateway/contract.js";
import { adoptEnhancers } from "./gateway/enhancers.js";
import { exploreGateways, type ExploredGateway } from "./gateway/explorer.js";
import { resolveOptions, type ApplicationOptions, type ResolvedOptions } from "./options.js";
import { platformOf } from "./platform.js";
import { compileValidation, type ValidationTables } from "./validation/validators.js";

/** The parts of an application, checked and made, with nothing served yet. */
export interface Assembly {
  readonly server: Server;
  readonly root: ModuleNode;
  readonly injector: Injector;
  readonly gateways: readonly ExploredGateway[];
  readonly contract: ApplicationContract;
  readonly validation: ValidationTables;
  readonly options: ResolvedOptions;
}

/**
 * Reads modules and decorators, checks all of it, and makes the providers.
 *
 * @throws GatewayError for whatever could not work once clients are there.
 */
export async function assemble(
  rootModule: ModuleImport,
  options: ApplicationOptions,
  overrides: readonly ProviderOverride[],
): Promise<Assembly> {
  const resolved = resolveOptions(options);
  const modules = scanModules(rootModule);
  const root = modules.at(-1);
  if (root === undefined)
    throw new GatewayError("GATEWAY_BAD_MODULE", { values: { where: "the root", value: "empty" } });
  adoptEnhancers(exploreGateways(modules));
  applyOverrides(modules, overrides);
  const gateways = exploreGateways(modules);
  const contract = buildContract(gateways);
  const contracts = gateways.map((gateway) => gateway.contract);
  const validation = await compileValidation(contracts, resolved.validation);
  const server = new Server(options);
  const injector = new Injector(modules, platformOf(server));
  await injector.instantiate();
  return { server, root, injector, gateways, contract, validation, options: resolved };
}
