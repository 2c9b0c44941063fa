import { useConnections } from "../load/connection.js";
import { maskedTextFrame, plainTextFrame } from "../load/frames.js";
import { loadFigures, measureLoad } from "../load/load.js";
import { WindowLoad } from "../load/window-load.js";
import type { Scenario } from "./scenario.js";

const CONNECTIONS = 100;

function emitWithAck(window: number): Scenario {
  return {
    name: `ack-${window}`,
    title: `emit with ack, ${CONNECTIONS} connections, window ${window}`,
    cost: "CPU µs per message",
    figures: loadFigures,
    measure: (server, timing) =>
      useConnections(server.port, CONNECTIONS, (connections) =>
        measureLoad(server, new WindowLoad(connections, window, exchange), timing),
      ),
  };
}

function exchange(ackId: number) {
  return {
    request: maskedTextFrame(`42${ackId}["echo",{"text":"hi"}]`),
    reply: plainTextFrame(`43${ackId}[{"text":"hi"}]`),
  };
}

/** Every connection keeps so many events waiting for their acks. */
export const emitWithAckScenarios: readonly Scenario[] = [emitWithAck(1), emitWithAck(32)];
