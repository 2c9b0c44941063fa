import type { AckReply, Socket } from "../../core.js";
import type { EventContract } from "../gateway/event-pattern.js";
import { MessageCall, type MessagePlan } from "./message-call.js";

/** An event as it came in. */
export interface Arrival {
  readonly event: string;
  readonly reply: AckReply | undefined;
  /** What brought it to its handler. */
  readonly pattern: EventContract;
}

/** One event on its way through a handler that is not for that name alone. */
export class PatternCall extends MessageCall {
  readonly #event: string;
  readonly #pattern: EventContract;
  #params: Readonly<Record<string, string>> | undefined;

  constructor(plan: MessagePlan, socket: Socket, args: readonly unknown[], { event, reply, pattern }: Arrival) {
    super(plan, socket, args, reply);
    this.#event = event;
    this.#pattern = pattern;
  }

  override get event(): string {
    return this.#event;
  }

  override get eventParams(): Readonly<Record<string, string>> {
    this.#params ??= this.#pattern.read(this.#event);
    return this.#params;
  }
}
