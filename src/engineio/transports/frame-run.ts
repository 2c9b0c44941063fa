/**
 * Frames that leave together, as one buffer. All receivers of a turn's broadcasts get the same frames in the same order:
 * a run remembers what it was continued by last, so all of them come along the same runs and share one buffer, which is
 * joined once (bench scenario broadcast-8).
 */
export class FrameRun {
  readonly byteLength: number;
  /** The last of its frames. */
  readonly frame: Buffer;
  readonly #before: FrameRun | undefined;
  #next: FrameRun | undefined;
  #bytes: Buffer | undefined;

  private constructor(frame: Buffer, before?: FrameRun) {
    this.frame = frame;
    this.#before = before;
    this.byteLength = frame.length + (before?.byteLength ?? 0);
  }

  /** A run of one frame. */
  static of(frame: Buffer): FrameRun {
    if (begun?.frame !== frame) begun = new FrameRun(frame);
    return begun;
  }

  /** Lets go of what the next turn has no use for. */
  static forget(): void {
    begun = undefined;
  }

  /** This run and one frame more. */
  append(frame: Buffer): FrameRun {
    if (this.#next?.frame !== frame) this.#next = new FrameRun(frame, this);
    return this.#next;
  }

  get bytes(): Buffer {
    return (this.#bytes ??= this.#join());
  }

  #join(): Buffer {
    if (this.#before === undefined) return this.frame;
    const bytes = Buffer.allocUnsafe(this.byteLength);
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- the walk begins here
    for (let run: FrameRun | undefined = this; run !== undefined; run = run.#before) {
      run.frame.copy(bytes, run.byteLength - run.frame.length);
    }
    return bytes;
  }
}

/** The run that was begun last, in this turn. */
let begun: FrameRun | undefined;
