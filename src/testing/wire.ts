import { setImmediate as nextTurn } from "node:timers/promises";
import type { MessageData } from "../core.js";
import type { Activity } from "./activity.js";

/**
 * After so many frames the event loop gets a turn: two ends that answer each other for ever would otherwise starve it,
 * and no test timeout could fire.
 */
const FRAMES_PER_TURN = 1_000;

/** Who takes what a wire carries. Neither method may throw. */
export interface FrameReceiver {
  /** One frame, as a WebSocket would carry it: text with the packet type in front, or the bare bytes of a message. */
  onFrame(frame: MessageData): void;
  /** The other side has closed. Called once, last. */
  onClose(): void;
}

/**
 * One direction of a connection in memory. Frames arrive in order, each in a microtask of its own, so nothing arrives
 * inside the call that sent it; bytes are copied, as a network would.
 */
export class Wire {
  readonly #receiver: FrameReceiver;
  readonly #activity: Activity;
  #frames: MessageData[] = [];
  #delivered = 0;
  #isClosing = false;
  #isDelivering = false;
  #delivery = Promise.resolve();

  constructor(receiver: FrameReceiver, activity: Activity) {
    this.#receiver = receiver;
    this.#activity = activity;
  }

  /** Ignored after `close` and `cut`. */
  push(frame: MessageData): void {
    if (this.#isClosing) return;
    this.#frames.push(typeof frame === "string" ? frame : Buffer.from(frame));
    this.#wake();
  }

  /** The end follows the frames that are on their way. */
  close(): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#wake();
  }

  /** The end comes at once; frames on their way are lost. */
  cut(): void {
    this.#frames = [];
    this.close();
  }

  /** Resolves when everything sent so far has arrived, the end included. */
  delivered(): Promise<void> {
    return this.#delivery;
  }

  #wake(): void {
    if (!this.#isDelivering) this.#delivery = this.#activity.timers.within(() => this.#deliver());
  }

  async #deliver(): Promise<void> {
    const done = this.#activity.begin();
    this.#isDelivering = true;
    await Promise.resolve();
    for (let frame = this.#frames.shift(); frame !== undefined; frame = this.#frames.shift()) {
      this.#receiver.onFrame(frame);
      this.#delivered += 1;
      await (this.#delivered % FRAMES_PER_TURN === 0 ? nextTurn() : Promise.resolve());
    }
    this.#isDelivering = false;
    if (this.#isClosing) this.#receiver.onClose();
    done();
  }
}
