import type { Connection } from "./connection.js";
import { ExpectedStream, FrameCycle } from "./expected-stream.js";
import { Ledger } from "./ledger.js";
import type { Load } from "./load.js";

/** Ack ids have two digits, so that all frames of a dialogue are equally long. */
const FIRST_ACK_ID = 10;

/** A request with this ack id, and the only right reply to it. */
export type Exchange = (ackId: number) => { readonly request: Buffer; readonly reply: Buffer };

/** Every connection keeps `window` requests waiting for their replies: each reply is followed by the next request. */
export class WindowLoad implements Load {
  readonly ledger = new Ledger();
  readonly #lanes: Lane[];

  constructor(connections: readonly Connection[], window: number, exchange: Exchange) {
    const exchanges = Array.from({ length: window }, (_, index) => exchange(FIRST_ACK_ID + index));
    const requests = exchanges.map(({ request }) => request);
    const replies = new FrameCycle(exchanges.map(({ reply }) => reply));
    this.#lanes = connections.map((connection) => new Lane(connection, this.ledger, { requests, replies }));
  }

  start(): void {
    for (const lane of this.#lanes) lane.start();
  }

  stop(): void {
    for (const lane of this.#lanes) lane.stop();
  }
}

interface Dialogue {
  readonly requests: readonly Buffer[];
  readonly replies: FrameCycle;
}

/** One connection and its window. */
class Lane {
  readonly #connection: Connection;
  readonly #ledger: Ledger;
  readonly #window: number;
  readonly #requestBytes: number;
  /** The requests twice in a row: any run of up to a window's length is one slice, sent by one write. */
  readonly #slab: Buffer;
  #next = 0;
  #sending = false;

  constructor(connection: Connection, ledger: Ledger, dialogue: Dialogue) {
    this.#connection = connection;
    this.#ledger = ledger;
    this.#window = dialogue.requests.length;
    this.#slab = Buffer.concat([...dialogue.requests, ...dialogue.requests]);
    this.#requestBytes = this.#slab.length / this.#window / 2;
    const stream = new ExpectedStream(dialogue.replies);
    connection.receive(
      (bytes, length) => this.#replied(stream.accept(bytes, length)),
      (error) => ledger.fail(error),
    );
  }

  start(): void {
    this.#sending = true;
    this.#send(this.#window);
  }

  stop(): void {
    this.#sending = false;
  }

  #replied(count: number): void {
    if (this.#sending && count > 0) this.#send(count);
    this.#ledger.receive(count);
  }

  #send(count: number): void {
    this.#ledger.owe(count);
    const from = this.#next * this.#requestBytes;
    this.#connection.send(this.#slab.subarray(from, from + count * this.#requestBytes));
    this.#next = (this.#next + count) % this.#window;
  }
}
