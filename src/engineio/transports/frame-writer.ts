import type { Duplex } from "node:stream";
import { uncorkAfterTurn, type CorkedWriter } from "./corked-writes.js";
import { FrameRun } from "./frame-run.js";
import { asciiFrame, isAscii, textFrame } from "./frame.js";

/** Text up to this length is gathered as a string; longer text gains nothing from it. */
const MAX_GATHERED = 4096;
/** Frames up to this sum are joined in one buffer; more are not worth the copy. */
const MAX_JOINED_BYTES = 65_536;

/** Who writes. */
export interface FrameWriterOwner {
  /** The frames of a turn have been handed to the operating system. */
  onFlushed(): void;
}

/**
 * Writes frames to a TCP socket, all of one event-loop turn in one system call. Short ASCII text, most of what chat and
 * games send, is gathered in one string, broadcasts in a buffer that all receivers share, and what is of one kind leaves
 * in one plain write; everything else leaves as it came, in order.
 */
export class FrameWriter implements CorkedWriter {
  readonly #tcp: Duplex;
  readonly #owner: FrameWriterOwner;
  /** What waits for the end of the turn, text or frames, never both. */
  #text = "";
  #run: FrameRun | undefined;
  #isWaiting = false;
  #isCorked = false;

  constructor(tcp: Duplex, owner: FrameWriterOwner) {
    this.#tcp = tcp;
    this.#owner = owner;
  }

  /** Whether a frame written now would leave at once. */
  get isIdle(): boolean {
    return !this.#isWaiting && !this.#tcp.writableNeedDrain;
  }

  get bufferedBytes(): number {
    return this.#tcp.writableLength + this.#text.length + (this.#run?.byteLength ?? 0);
  }

  writeText(payload: string): void {
    if (payload.length > MAX_GATHERED || !isAscii(payload)) {
      this.writeFrame(textFrame(payload));
      return;
    }
    if (this.#run !== undefined) this.settle();
    this.#text += asciiFrame(payload);
    this.#wait();
  }

  writeFrame(frame: Buffer): void {
    const waitingBytes = this.#run?.byteLength ?? 0;
    if (this.#text !== "" || waitingBytes + frame.length > MAX_JOINED_BYTES) this.settle();
    this.#run = this.#run?.append(frame) ?? FrameRun.of(frame);
    this.#wait();
  }

  /** Puts what waits where it belongs: before whatever else is written to the socket next. */
  settle(): void {
    if (this.#text === "" && this.#run === undefined) return;
    if (!this.#isCorked) {
      this.#isCorked = true;
      this.#tcp.cork();
    }
    this.#write();
  }

  /** @internal */
  uncork(): void {
    this.#isWaiting = false;
    this.#write();
    if (this.#isCorked) {
      this.#isCorked = false;
      this.#tcp.uncork();
    }
    FrameRun.forget();
    this.#owner.onFlushed();
  }

  #write(): void {
    if (this.#text !== "") {
      const text = this.#text;
      this.#text = "";
      this.#tcp.write(text, "latin1");
    } else if (this.#run !== undefined) {
      const { bytes } = this.#run;
      this.#run = undefined;
      this.#tcp.write(bytes);
    }
  }

  #wait(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    uncorkAfterTurn(this);
  }
}
