import type { AckFormat } from "../metadata/types.js";
import type { EventContract } from "./event-pattern.js";
import type { ExploredGateway } from "./explorer.js";
import { bySpecificity } from "./pattern-text.js";

/**
 * How the answer to an event is written, for who has to read it.
 *
 * @param fallback - the application's format.
 */
export function ackFormatOf(
  gateways: readonly ExploredGateway[],
  { namespace, event }: { readonly namespace: string; readonly event: string },
  fallback: AckFormat,
): AckFormat {
  const handlers = gateways
    .filter((gateway) => servesNamespace(gateway, namespace))
    .flatMap(({ contract }) => contract.handlers);
  const claims = handlers.flatMap((handler) => handler.events.map((claimed) => ({ claimed, handler })));
  const [nearest] = claims
    .filter(({ claimed }) => leadsTo(claimed, event))
    .sort((a, b) => compare(a.claimed, b.claimed));
  return nearest?.handler.ack.format ?? fallback;
}

/** Whether a gateway is for the namespace of this name. */
export function servesNamespace({ namespace: { name, expression } }: ExploredGateway, wanted: string): boolean {
  return expression === undefined ? name === wanted : expression.test(wanted);
}

/** Whether an event of this name may come to what `claimed` is for. */
export function leadsTo({ kind, name, expression }: EventContract, event: string): boolean {
  return kind === "unhandled" || (kind === "name" ? name === event : expression?.test(event) === true);
}

const KINDS = ["name", "pattern", "expression", "unhandled"];

/** In the order in which a namespace looks for the handler of an event. */
function compare(a: EventContract, b: EventContract): number {
  return KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || bySpecificity(a.parts, b.parts);
}
