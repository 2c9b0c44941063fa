import { GatewayError } from "../errors.js";
import { at } from "../metadata/source-place.js";
import type { Problems } from "../problems.js";
import { methodLabel, type ApplicationContract, type NamespaceContract } from "./contract.js";
import type { EventContract } from "./event-pattern.js";
import type { ExploredGateway } from "./explorer.js";

/**
 * Brings the gateways together by namespace.
 *
 * @param problems - gets `GATEWAY_DUPLICATE_HANDLER` when an event of a namespace has two handlers, and
 * `GATEWAY_DUPLICATE_NAMESPACE` when two patterns match the same names.
 */
export function buildContract(
  gateways: readonly ExploredGateway[],
  problems: Problems,
): Omit<ApplicationContract, "global"> {
  checkNamespaces(gateways, problems);
  const names = [...new Set(gateways.map(({ namespace }) => namespace.name))];
  const namespaces = names.map((name) => {
    const group = gateways.filter(({ namespace }) => namespace.name === name);
    checkEvents(name, group, problems);
    return toNamespace(group);
  });
  return { version: 1, namespaces: namespaces.filter((namespace) => namespace !== undefined) };
}

function toNamespace(gateways: readonly ExploredGateway[]): NamespaceContract | undefined {
  const [first] = gateways;
  if (first === undefined) return undefined;
  const { kind, name, params } = first.namespace;
  return { name, kind, params, gateways: gateways.map(({ contract }) => contract) };
}

/** Two paths that differ in the names of their parameters alone would compete for every client. */
function checkNamespaces(gateways: readonly ExploredGateway[], problems: Problems): void {
  const owners = new Map<string, ExploredGateway>();
  for (const explored of gateways) {
    const { kind, name, expression } = explored.namespace;
    if (kind !== "path" || expression === undefined) continue;
    const first = owners.get(expression.source);
    if (first === undefined) owners.set(expression.source, explored);
    else if (first.namespace.name !== name) {
      const values = { first: namespaceLabel(first), second: namespaceLabel(explored) };
      problems.add(new GatewayError("GATEWAY_DUPLICATE_NAMESPACE", { values }));
    }
  }
}

function namespaceLabel({ namespace, contract: { gateway, place } }: ExploredGateway): string {
  return `@Namespace("${namespace.name}") of ${at(gateway.name, place)}`;
}

interface Claim {
  readonly event: EventContract;
  readonly owner: string;
}

function checkEvents(namespace: string, gateways: readonly ExploredGateway[], problems: Problems): void {
  const claims = new Map<string, Claim>();
  for (const { event, owner } of gateways.flatMap(claimsOf)) {
    const first = claims.get(claimKey(event));
    if (first === undefined) claims.set(claimKey(event), { event, owner });
    else if (!first.event.isShared || !event.isShared) {
      const values = { event: eventLabel(event), namespace, first: first.owner, second: owner };
      problems.add(new GatewayError("GATEWAY_DUPLICATE_HANDLER", { values }));
    }
  }
}

function claimsOf({ contract: { gateway, module, place, handlers } }: ExploredGateway): readonly Claim[] {
  return handlers.flatMap((handler) => {
    const owner = at(`${methodLabel(gateway, handler.method)} of ${module}`, handler.place ?? place);
    return handler.events.map((event) => ({ event, owner }));
  });
}

/** What two events have in common that the same clients' events would come to. */
export function claimKey({ kind, name, expression }: EventContract): string {
  return `${kind} ${kind === "pattern" ? (expression?.source ?? "") : name}`;
}

function eventLabel({ kind, name }: EventContract): string {
  if (kind === "unhandled") return "what nobody else handles";
  return kind === "expression" ? `event ${name}` : `event "${name}"`;
}
