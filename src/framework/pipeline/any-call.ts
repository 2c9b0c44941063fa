import type { Socket } from "../../core.js";
import { UnansweredCall, type HookPlan } from "./unanswered-call.js";

/** One event as a hook for all of them sees it. */
export class AnyCall extends UnansweredCall {
  readonly #event: string;

  constructor(plan: HookPlan, socket: Socket, args: readonly unknown[], event: string) {
    super(plan, socket, args);
    this.#event = event;
  }

  get kind(): "message" {
    return "message";
  }

  override get event(): string {
    return this.#event;
  }

  /** Too many wait already: the event's handler says so to the client. */
  refuse(): void {
    this.end();
  }
}
