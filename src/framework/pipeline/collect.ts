import type { Call } from "./call.js";
import { observeStep } from "./observable.js";
import type { Step } from "./step.js";
import { GatewayError } from "../errors.js";

/** Reads what an async iterable yields into an array, and runs Observables; other values pass. */
export function collectStep(maxItems: number): Step {
  return (call, input) => {
    if (typeof input !== "object" || input === null) return input;
    return isAsyncIterable(input) ? collect(call, input, maxItems) : observeStep(call, input);
  };
}

/** An endless stream ends with its client, with its timeout, or at the limit; `for await` tells the iterator each time. */
async function collect(call: Call, source: AsyncIterable<unknown>, maxItems: number): Promise<unknown[]> {
  const items: unknown[] = [];
  for await (const item of source) {
    if (call.isOver || !call.socket.connected) break;
    if (items.length === maxItems) {
      throw new GatewayError("GATEWAY_STREAM_TOO_LONG", { values: { handler: call.target.label, maxItems } });
    }
    items.push(item);
  }
  return items;
}

function isAsyncIterable(value: object): value is AsyncIterable<unknown> {
  return typeof (value as { [Symbol.asyncIterator]?: unknown })[Symbol.asyncIterator] === "function";
}
