import type { AckCollector, AckResult } from "./ack-collector.js";

/** What an awaited emit comes to: socket.io's answer, or its error. */
export type AckSummary<Value, Awaited> = (collector: AckCollector<Value>) => Awaited;

/**
 * The answers to one emit. Awaited, it is what socket.io gives; iterated, it yields one result per socket as they come,
 * and leaving the loop frees what is pending. Nothing rejects unless somebody waits.
 *
 * ```ts
 * for await (const { socketId, ok } of io.to("room1").timeout(5_000).emitWithAck("ready?")) { … }
 * ```
 */
export class AckStream<Awaited, Value = Awaited> implements Promise<Awaited>, AsyncIterable<AckResult<Value>> {
  readonly [Symbol.toStringTag] = "AckStream";
  readonly #collector: AckCollector<Value>;
  readonly #summarise: AckSummary<Value, Awaited>;
  #promise: Promise<Awaited> | undefined;

  /** @param summarise - what awaiting comes to; a throw rejects. */
  constructor(collector: AckCollector<Value>, summarise: AckSummary<Value, Awaited>) {
    this.#collector = collector;
    this.#summarise = summarise;
  }

  async then<Fulfilled = Awaited, Rejected = never>(
    onFulfilled?: ((value: Awaited) => Fulfilled | PromiseLike<Fulfilled>) | null,
    onRejected?: ((reason: unknown) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<Fulfilled | Rejected> {
    return this.#settled().then(onFulfilled, onRejected);
  }

  async catch<Rejected>(
    onRejected: (reason: unknown) => Rejected | PromiseLike<Rejected>,
  ): Promise<Awaited | Rejected> {
    return this.#settled().catch(onRejected);
  }

  async finally(onFinally: () => void): Promise<Awaited> {
    return this.#settled().finally(onFinally);
  }

  /** The first result to come, the others being freed; undefined when there was no receiver. */
  async first(): Promise<AckResult<Value> | undefined> {
    for await (const result of this) return result;
    return undefined;
  }

  /** All results, failures among them; never rejects. */
  async all(): Promise<AckResult<Value>[]> {
    await new Promise<void>((resolve) => {
      this.#collector.observe({ onDone: resolve });
    });
    return this.#collector.results;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<AckResult<Value>, void, void> {
    let wake: () => void = () => undefined;
    const wakeUp = (): void => {
      wake();
    };
    this.#collector.observe({ onResult: wakeUp, onDone: wakeUp });
    try {
      for (let index = 0; ; index += 1) {
        while (index >= this.#collector.results.length && !this.#collector.done) {
          await new Promise<void>((resolve) => (wake = resolve));
        }
        const result = this.#collector.results[index];
        if (result === undefined) return;
        yield result;
      }
    } finally {
      this.#collector.cancel();
    }
  }

  async #settled(): Promise<Awaited> {
    this.#promise ??= this.all().then(() => this.#summarise(this.#collector));
    return this.#promise;
  }
}
