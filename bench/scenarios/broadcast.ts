import { type Connection, openConnections } from "../load/connection.js";
import { ExpectedStream, FrameCycle } from "../load/expected-stream.js";
import { maskedTextFrame, plainTextFrame } from "../load/frames.js";
import { Ledger } from "../load/ledger.js";
import { type Load, measureLoad } from "../load/load.js";
import type { Scenario } from "./scenario.js";

const CONNECTIONS = 1000;
const REQUEST = maskedTextFrame('42["broadcast",{"text":"hi"}]');
const DELIVERY = plainTextFrame('42["news",{"text":"hi"}]');

/** One connection asks, the server emits to all, and when all have it the connection asks again. */
export const broadcastScenario: Scenario = {
  name: "broadcast",
  title: `broadcast to ${CONNECTIONS} connections`,
  unit: "delivery",
  async measure(server, timing) {
    const connections = await openConnections(server.port, CONNECTIONS);
    try {
      return await measureLoad(server, new BroadcastLoad(connections), timing);
    } finally {
      for (const connection of connections) connection.close();
    }
  },
};

class BroadcastLoad implements Load {
  readonly ledger = new Ledger();
  readonly #connections: readonly Connection[];
  #missing = 0;
  #sending = false;

  constructor(connections: readonly Connection[]) {
    this.#connections = connections;
    const cycle = new FrameCycle([DELIVERY]);
    for (const connection of connections) this.#listen(connection, new ExpectedStream(cycle));
  }

  start(): void {
    this.#sending = true;
    this.#ask();
  }

  stop(): void {
    this.#sending = false;
  }

  #listen(connection: Connection, stream: ExpectedStream): void {
    connection.receive(
      (bytes, length) => this.#delivered(stream.accept(bytes, length)),
      (error) => this.ledger.fail(error),
    );
  }

  #ask(): void {
    this.#missing = this.#connections.length;
    this.ledger.owe(this.#missing);
    this.#connections[0]?.send(REQUEST);
  }

  #delivered(count: number): void {
    this.#missing -= count;
    if (this.#missing === 0 && this.#sending) this.#ask();
    this.ledger.receive(count);
  }
}
