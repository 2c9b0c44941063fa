import { BenchmarkError } from "../errors.js";
import { type Connection, useConnections } from "../load/connection.js";
import { maskedTextFrame, plainTextFrame, readTextFrame } from "../load/frames.js";
import { loadFigures, measureLoad } from "../load/load.js";
import { WindowLoad } from "../load/window-load.js";
import type { Scenario } from "./scenario.js";

const CONNECTIONS = 100;
const ORDER = {
  customer: "Ada Lovelace",
  email: "ada@example.org",
  priority: 3,
  address: { street: "12 St James's Square", city: "London" },
  items: [
    { sku: "engine-1", quantity: 1 },
    { sku: "card-7", quantity: 1000 },
  ],
};
/** The item in its array, which only nested checks find. */
const INVALID_ORDER = { ...ORDER, items: [{ sku: "engine-1", quantity: 0 }] };

/** As `emitWithAck`, but the payload is checked against a class: five fields, one of them nested, one an array. */
function validatedDto(window: number): Scenario {
  return {
    name: `dto-${window}`,
    title: `emit with ack and a validated DTO, ${CONNECTIONS} connections, window ${window}`,
    cost: "CPU µs per message",
    figures: loadFigures,
    measure: (server, timing) =>
      useConnections(server.port, CONNECTIONS, async (connections) => {
        for (const connection of connections.slice(0, 1)) await expectRefusal(connection);
        return measureLoad(server, new WindowLoad(connections, window, exchange), timing);
      }),
  };
}

function exchange(ackId: number) {
  return { request: order(ackId, ORDER), reply: plainTextFrame(`43${ackId}[{"accepted":2}]`) };
}

function order(ackId: number, value: typeof ORDER): Buffer {
  return maskedTextFrame(`42${ackId}${JSON.stringify(["order", value])}`);
}

/** An invalid order gets another answer than a valid one; what it says, and whether it is an ack, is the peer's own. */
async function expectRefusal(connection: Connection): Promise<void> {
  const answer = new Promise<string>((resolve, reject) => {
    connection.receive((bytes, length) => {
      resolve(readTextFrame(bytes.subarray(0, length))?.text ?? "nothing readable");
    }, reject);
  });
  connection.send(order(9, INVALID_ORDER));
  const text = await answer;
  if (!/^(439\[|42\["exception",)/.test(text) || text.includes("accepted")) {
    throw new BenchmarkError(`An invalid order was answered with ${text}`);
  }
}

export const validatedDtoScenarios: readonly Scenario[] = [validatedDto(1), validatedDto(32)];
