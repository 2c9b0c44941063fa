import type { IncomingMessage } from "node:http";

/** How often a body's rate is looked at: long enough for a mobile client that loses its signal for a moment. */
const RATE_PERIOD_MS = 10_000;

/** How fast a body has to come. */
export interface BodyPace {
  /** How long the whole body may take. */
  readonly timeoutMs: number;
  /** Less than this on average over ten seconds is too slow. */
  readonly minBytesPerSecond: number;
  /** The clock that it is measured by. */
  readonly after: (delayMs: number, callback: () => void) => { cancel(): void };
}

/** Why there is no body: it is larger than allowed, it comes too slowly, the client left. */
export type BodyFailure = "too large" | "too slow" | "aborted";

/**
 * Reads a request's body, never holding more than `maxBytes`.
 *
 * @param pace - without it a client may take for ever.
 * @returns the bytes, or why there are none, as soon as that is known; the rest is not read.
 */
export async function readBody(
  request: IncomingMessage,
  maxBytes: number,
  pace?: BodyPace,
): Promise<Buffer | BodyFailure> {
  const announcedBytes = Number(request.headers["content-length"] ?? 0);
  if (announcedBytes > maxBytes) return "too large";
  if (announcedBytes > 0) {
    // By then all is parsed that came with the head: most bodies are complete and need no deadline (bench: polling).
    await Promise.resolve();
    if (request.readableLength === announcedBytes) return request.read() as Buffer;
    if (request.destroyed) return "aborted";
  }
  return new Promise((resolve) => {
    new BodyReader(request, maxBytes, resolve).start(pace);
  });
}

class BodyReader {
  readonly #request: IncomingMessage;
  readonly #maxBytes: number;
  readonly #resolve: (body: Buffer | BodyFailure) => void;
  #chunks: Buffer[] = [];
  #size = 0;
  #sizeAtCheck = 0;
  #elapsedMs = 0;
  #isSettled = false;
  #check: { cancel(): void } | undefined;

  constructor(request: IncomingMessage, maxBytes: number, resolve: (body: Buffer | BodyFailure) => void) {
    this.#request = request;
    this.#maxBytes = maxBytes;
    this.#resolve = resolve;
  }

  start(pace: BodyPace | undefined): void {
    this.#request.on("data", this.#onData).on("end", this.#onEnd).on("close", this.#onClose);
    if (pace === undefined) return;
    // Most bodies come right behind their heads and are here when the parser has done its turn: these cost no timer.
    queueMicrotask(() => {
      if (!this.#isSettled && !this.#request.complete) this.#watch(pace);
    });
  }

  #watch(pace: BodyPace): void {
    const periodMs = Math.min(RATE_PERIOD_MS, pace.timeoutMs - this.#elapsedMs);
    this.#check = pace.after(periodMs, () => {
      this.#elapsedMs += periodMs;
      const received = this.#size - this.#sizeAtCheck;
      const isTooSlow = received < (pace.minBytesPerSecond * periodMs) / 1_000;
      this.#sizeAtCheck = this.#size;
      if (isTooSlow || this.#elapsedMs >= pace.timeoutMs) this.#settle("too slow");
      else this.#watch(pace);
    });
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#size += chunk.length;
    if (this.#size > this.#maxBytes) this.#settle("too large");
    else this.#chunks.push(chunk);
  };

  readonly #onEnd = (): void => {
    this.#settle(Buffer.concat(this.#chunks, this.#size));
  };

  readonly #onClose = (): void => {
    this.#settle("aborted");
  };

  #settle(result: Buffer | BodyFailure): void {
    this.#isSettled = true;
    this.#check?.cancel();
    this.#chunks = [];
    this.#request.off("data", this.#onData).off("end", this.#onEnd).off("close", this.#onClose);
    this.#resolve(result);
  }
}
