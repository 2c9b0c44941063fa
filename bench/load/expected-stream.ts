import { BenchmarkError } from "../errors.js";

/** How many bytes one comparison can cover: a read rarely brings more. */
const COMPARED_AT_ONCE_BYTES = 16_384;

/** The frames that a connection must receive, over and over in this order, whatever chunks they come in. */
export class FrameCycle {
  /** The cycle, repeated so that comparisons seldom have to wrap. */
  readonly pattern: Buffer;
  /** All frames of a cycle are equally long: bytes received then tell how many frames they were. */
  readonly frameBytes: number;

  constructor(frames: readonly Buffer[]) {
    const cycle = Buffer.concat(frames);
    this.frameBytes = frames[0]?.length ?? 0;
    if (this.frameBytes === 0 || frames.some((frame) => frame.length !== this.frameBytes)) {
      throw new BenchmarkError("The frames of a cycle must be equally long.");
    }
    const repeats = Math.ceil(COMPARED_AT_ONCE_BYTES / cycle.length);
    this.pattern = Buffer.concat(Array.from({ length: repeats }, () => cycle));
  }
}

/** One connection's place in its cycle. Checks every byte at the price of a memcmp. */
export class ExpectedStream {
  readonly #cycle: FrameCycle;
  #position = 0;

  constructor(cycle: FrameCycle) {
    this.#cycle = cycle;
  }

  /** Takes the first `length` bytes received; returns how many frames they completed. */
  accept(bytes: Buffer, length: number): number {
    const { pattern, frameBytes } = this.#cycle;
    const framesBefore = Math.floor(this.#position / frameBytes);
    let wrappedFrames = 0;
    let taken = 0;
    while (taken < length) {
      const part = Math.min(length - taken, pattern.length - this.#position);
      if (bytes.compare(pattern, this.#position, this.#position + part, taken, taken + part) !== 0) {
        throw this.#mismatch(bytes.subarray(taken, taken + part));
      }
      taken += part;
      this.#position += part;
      if (this.#position === pattern.length) {
        this.#position = 0;
        wrappedFrames += pattern.length / frameBytes;
      }
    }
    return Math.floor(this.#position / frameBytes) + wrappedFrames - framesBefore;
  }

  #mismatch(received: Buffer): BenchmarkError {
    const expected = this.#cycle.pattern.subarray(this.#position, this.#position + received.length);
    const show = (bytes: Buffer): string => JSON.stringify(bytes.toString("latin1", 0, 200));
    return new BenchmarkError(`Wrong reply.\n  expected ${show(expected)}\n  received ${show(received)}`);
  }
}
