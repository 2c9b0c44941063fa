import { BroadcastLoad } from "../load/broadcast-load.js";
import { useConnections } from "../load/connection.js";
import { maskedTextFrame, plainTextFrame } from "../load/frames.js";
import { loadFigures, measureLoad } from "../load/load.js";
import type { Scenario } from "./scenario.js";

const CONNECTIONS = 1000;

/** What is emitted, and how often in one turn of the event loop. */
interface Broadcast {
  readonly name: string;
  readonly what: string;
  readonly text: string;
  readonly times: number;
}

/** One connection asks, the server emits to all, and when all have it the connection asks again. */
function broadcast({ name, what, text, times }: Broadcast): Scenario {
  const request = maskedTextFrame(`42${JSON.stringify(["broadcast", { text }, times])}`);
  const plan = {
    waves: [{ requests: new Map([[0, request]]) }],
    delivery: plainTextFrame(`42${JSON.stringify(["news", { text }])}`),
    deliveries: times,
  };
  return {
    name,
    title: `broadcast to ${CONNECTIONS} connections, ${what}`,
    cost: "CPU µs per delivery",
    figures: loadFigures,
    measure: (server, timing) =>
      useConnections(server.port, CONNECTIONS, (connections) =>
        measureLoad(server, new BroadcastLoad(connections, plan), timing),
      ),
  };
}

export const broadcastScenarios: readonly Scenario[] = [
  broadcast({ name: "broadcast", what: "a small event", text: "hi", times: 1 }),
  broadcast({ name: "broadcast-1kb", what: "1 KB", text: "x".repeat(1000), times: 1 }),
  broadcast({ name: "broadcast-8", what: "eight small events in one turn", text: "hi", times: 8 }),
];
