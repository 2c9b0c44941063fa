import type { Connection } from "./connection.js";
import { ExpectedStream, FrameCycle } from "./expected-stream.js";
import { Ledger } from "./ledger.js";
import type { Load } from "./load.js";

/** Somebody asks, and everybody gets the same. */
export interface Wave {
  /** Who asks, by place among the connections, and what is sent. */
  readonly requests: ReadonlyMap<number, Buffer>;
}

/** What a broadcast load sends and expects. */
export interface BroadcastPlan {
  /** Sent one after another, over and over; each begins when everybody has got what the one before it owed. */
  readonly waves: readonly Wave[];
  /** The frame that all receive. */
  readonly delivery: Buffer;
  /** How many of these frames a wave brings to each connection. */
  readonly deliveries: number;
}

/** Broadcasts wave by wave; every connection has to get exactly what a wave owes to it. */
export class BroadcastLoad implements Load {
  readonly ledger = new Ledger();
  readonly #connections: readonly Connection[];
  readonly #plan: BroadcastPlan;
  readonly #received: number[];
  #missing = 0;
  #waves = 0;
  #sending = false;

  constructor(connections: readonly Connection[], plan: BroadcastPlan) {
    this.#connections = connections;
    this.#plan = plan;
    this.#received = connections.map(() => 0);
    const cycle = new FrameCycle([plan.delivery]);
    connections.forEach((connection, index) => {
      this.#listen(connection, index, new ExpectedStream(cycle));
    });
  }

  start(): void {
    this.#sending = true;
    this.#ask();
  }

  stop(): void {
    this.#sending = false;
  }

  #listen(connection: Connection, index: number, stream: ExpectedStream): void {
    connection.receive(
      (bytes, length) => {
        this.#delivered(index, stream.accept(bytes, length));
      },
      (error) => this.ledger.fail(error),
    );
  }

  #ask(): void {
    const { waves, deliveries } = this.#plan;
    const wave = waves[this.#waves % waves.length];
    this.#waves += 1;
    this.#missing = this.#connections.length * deliveries;
    this.ledger.owe(this.#missing);
    for (const [index, request] of wave?.requests ?? []) this.#connections[index]?.send(request);
  }

  #delivered(index: number, count: number): void {
    const received = (this.#received[index] = (this.#received[index] ?? 0) + count);
    // Nobody has too much and the sum is right: so each has its own.
    if (received > this.#waves * this.#plan.deliveries) this.ledger.refuseExcess();
    this.#missing -= count;
    if (this.#missing === 0 && this.#sending) this.#ask();
    this.ledger.receive(count);
  }
}
