import { useConnections } from "../load/connection.js";
import { maskedBinaryFrame, maskedTextFrame, plainBinaryFrame, plainTextFrame } from "../load/frames.js";
import { loadFigures, measureLoad } from "../load/load.js";
import { type Exchange, WindowLoad } from "../load/window-load.js";
import type { Scenario } from "./scenario.js";

const CONNECTIONS = 100;
const PLACEHOLDER = '{"_placeholder":true,"num":0}';

/** Every connection emits a buffer, and the ack brings it back. */
function binaryEcho(kilobytes: number): Scenario {
  const payload = Buffer.from(Array.from({ length: kilobytes * 1024 }, (_, index) => index % 251));
  return {
    name: `binary-${kilobytes}kb`,
    title: `emit ${kilobytes} KB of binary with ack, ${CONNECTIONS} connections`,
    cost: "CPU µs per message",
    figures: loadFigures,
    measure: (server, timing) =>
      useConnections(server.port, CONNECTIONS, (connections) =>
        measureLoad(server, new WindowLoad(connections, 1, exchangeOf(payload)), timing),
      ),
  };
}

/** Each packet is a text frame followed by its attachment. */
function exchangeOf(payload: Buffer): Exchange {
  return (ackId) => ({
    request: Buffer.concat([maskedTextFrame(`451-${ackId}["echo",${PLACEHOLDER}]`), maskedBinaryFrame(payload)]),
    reply: Buffer.concat([plainTextFrame(`461-${ackId}[${PLACEHOLDER}]`), plainBinaryFrame(payload)]),
  });
}

export const binaryEchoScenarios: readonly Scenario[] = [binaryEcho(1), binaryEcho(64)];
