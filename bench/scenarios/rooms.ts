import { BroadcastLoad, type Wave } from "../load/broadcast-load.js";
import { type Connection, useConnections } from "../load/connection.js";
import { maskedTextFrame, plainTextFrame } from "../load/frames.js";
import { loadFigures, measureLoad } from "../load/load.js";
import { WindowLoad } from "../load/window-load.js";
import type { Scenario } from "./scenario.js";

/** As many rooms as connections; connection n is in the rooms n to n + 9. */
const CONNECTIONS = 1000;
const MEMBERS = 10;

/**
 * A hundred connections ask at once, each for an emit to one room; the rooms have no member in common, so everybody gets
 * the event once. When all have it, the next hundred rooms have their turn.
 */
export const roomsScenario: Scenario = {
  name: "rooms",
  title: `emit to rooms, ${CONNECTIONS} rooms of ${MEMBERS}`,
  cost: "CPU µs per delivery",
  figures: loadFigures,
  measure: (server, timing) =>
    useConnections(server.port, CONNECTIONS, async (connections) => {
      await joinRooms(connections);
      const waves = Array.from({ length: MEMBERS }, (_, first) => wave(first));
      const delivery = plainTextFrame('42["news",{"text":"hi"}]');
      return measureLoad(server, new BroadcastLoad(connections, { waves, delivery, deliveries: 1 }), timing);
    }),
};

/** Every connection joins its rooms, by one event, and waits for the ack. */
async function joinRooms(connections: readonly Connection[]): Promise<void> {
  for (const [index, connection] of connections.entries()) {
    const rooms = Array.from({ length: MEMBERS }, (_, offset) => roomName((index + offset) % CONNECTIONS));
    const load = new WindowLoad([connection], 1, (ackId) => ({
      request: maskedTextFrame(`42${ackId}${JSON.stringify(["join", rooms])}`),
      reply: plainTextFrame(`43${ackId}["joined"]`),
    }));
    load.start();
    load.stop();
    await load.ledger.settled();
  }
}

function wave(first: number): Wave {
  const requests = new Map<number, Buffer>();
  for (let room = first; room < CONNECTIONS; room += MEMBERS) {
    requests.set(room, maskedTextFrame(`42${JSON.stringify(["room", roomName(room), { text: "hi" }])}`));
  }
  return { requests };
}

function roomName(index: number): string {
  return `room-${index}`;
}
