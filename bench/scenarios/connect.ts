import { asError } from "../errors.js";
import { Connection } from "../load/connection.js";
import { Ledger } from "../load/ledger.js";
import { type Load, loadFigures, measureLoad } from "../load/load.js";
import type { Scenario } from "./scenario.js";

const VISITORS = 20;

/** Visitors connect, join the main namespace, leave it, close the WebSocket and see the server do the same. */
export const connectScenario: Scenario = {
  name: "connect",
  title: `connect, join and leave, ${VISITORS} at a time`,
  cost: "CPU µs per visit",
  figures: loadFigures,
  measure: (server, timing) => measureLoad(server, new VisitLoad(server.port), timing),
};

class VisitLoad implements Load {
  readonly ledger = new Ledger();
  readonly #port: number;
  #sending = false;

  constructor(port: number) {
    this.#port = port;
  }

  start(): void {
    this.#sending = true;
    for (let visitor = 0; visitor < VISITORS; visitor++) void this.#visitAgainAndAgain();
  }

  stop(): void {
    this.#sending = false;
  }

  async #visitAgainAndAgain(): Promise<void> {
    try {
      while (this.#sending) {
        this.ledger.owe(1);
        const connection = await Connection.open(this.#port);
        await connection.leave();
        this.ledger.receive(1);
      }
    } catch (error) {
      this.ledger.fail(asError(error));
    }
  }
}
