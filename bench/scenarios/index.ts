import { binaryEchoScenarios } from "./binary-echo.js";
import { broadcastScenarios } from "./broadcast.js";
import { connectScenario } from "./connect.js";
import { emitWithAckScenarios } from "./emit-with-ack.js";
import { idleMemoryScenario } from "./idle-memory.js";
import { pollingScenario } from "./polling.js";
import { roomsScenario } from "./rooms.js";
import type { Scenario } from "./scenario.js";
import { startScenarios } from "./start.js";
import { validatedDtoScenarios } from "./validated-dto.js";

/** All scenarios, in the order in which they run. */
export const scenarios: readonly Scenario[] = [
  ...emitWithAckScenarios,
  ...validatedDtoScenarios,
  ...broadcastScenarios,
  roomsScenario,
  connectScenario,
  pollingScenario,
  ...binaryEchoScenarios,
  idleMemoryScenario,
  ...startScenarios,
];
