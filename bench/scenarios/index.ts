import { broadcastScenario } from "./broadcast.js";
import { emitWithAckScenarios } from "./emit-with-ack.js";
import type { Scenario } from "./scenario.js";

/** All scenarios, in the order in which they run. */
export const scenarios: readonly Scenario[] = [...emitWithAckScenarios, broadcastScenario];
