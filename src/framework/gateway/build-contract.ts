import { GatewayError } from "../errors.js";
import { methodLabel, type ApplicationContract, type NamespaceContract } from "./contract.js";
import type { ExploredGateway } from "./explorer.js";

/**
 * Brings the gateways together by namespace.
 *
 * @throws GatewayError `GATEWAY_DUPLICATE_HANDLER` when an event of a namespace has two handlers.
 */
export function buildContract(gateways: readonly ExploredGateway[]): ApplicationContract {
  const names = [...new Set(gateways.map(({ namespace }) => namespace))];
  return { namespaces: names.map((name) => toNamespace(name, gateways)) };
}

function toNamespace(name: string, all: readonly ExploredGateway[]): NamespaceContract {
  const gateways = all.filter(({ namespace }) => namespace === name);
  const owners = new Map<string, string>();
  for (const { contract, module } of gateways) {
    for (const { method, events } of contract.handlers) {
      const second = `${methodLabel(contract.gateway, method)} (${module.name})`;
      for (const event of events) {
        const first = owners.get(event);
        if (first !== undefined) {
          throw new GatewayError("GATEWAY_DUPLICATE_HANDLER", { values: { namespace: name, event, first, second } });
        }
        owners.set(event, second);
      }
    }
  }
  return { name, gateways: gateways.map(({ contract }) => contract) };
}
