import type { AckReply, Socket } from "../../core.js";
import { GatewayException, type ClientError } from "../client-errors.js";
import { isThenable } from "../thenable.js";
import { Call, type CallTarget } from "./call.js";
import type { ErrorReporter } from "./error-reporter.js";
import { FilterAnswer } from "./filters.js";
import type { Job } from "./lanes.js";
import type { Step } from "./step.js";

/** What all calls of one handler for one event share. */
export interface MessagePlan extends CallTarget {
  readonly event: string;
  /** Everything between arrival and answer. */
  readonly run: Step;
  readonly ack: "none" | "value" | "callback";
  readonly reporter: ErrorReporter;
}

/**
 * One event on its way through its handler.
 *
 * | outcome                  | client asked for an ack          | it did not                |
 * |--------------------------|----------------------------------|---------------------------|
 * | value, `@Ack()` method   | `ack(value)`, `ack()` if undefined | –                       |
 * | value, `@Ack()` callback | what it said, or NOT_ACKNOWLEDGED | –                        |
 * | value, no `@Ack()`       | `ack()`                          | –                         |
 * | error                    | `ack({ error })`                 | `exception` with `{ event, error }` |
 *
 * Whatever comes first counts; the rest is ignored or logged.
 */
export class MessageCall extends Call implements Job {
  readonly #plan: MessagePlan;
  readonly #reply: AckReply | undefined;
  #isSettled = false;

  constructor(plan: MessagePlan, socket: Socket, args: readonly unknown[], reply: AckReply | undefined) {
    super(plan, socket, args);
    this.#plan = plan;
    this.#reply = reply;
  }

  get kind(): "message" {
    return "message";
  }

  override get event(): string {
    return this.#plan.event;
  }

  override get isOver(): boolean {
    return this.#isSettled;
  }

  get label(): string {
    return this.#plan.label;
  }

  run(): Promise<void> | undefined {
    try {
      const output = this.#plan.run(this, undefined);
      if (isThenable(output)) {
        return Promise.resolve(output).then(
          (value) => this.#succeed(value),
          (error: unknown) => this.fail(error),
        );
      }
      this.#succeed(output);
    } catch (error) {
      this.fail(error);
    }
    return undefined;
  }

  refuse(): void {
    this.fail(new GatewayException("RATE_LIMITED"));
  }

  /** The method's own way to answer; the first call counts, and it never throws. */
  acknowledge(...args: unknown[]): void {
    if (this.#isSettled || this.#reply === undefined) return;
    try {
      this.#isSettled = true;
      this.#reply(...args);
    } catch (error) {
      this.#isSettled = false;
      this.fail(error);
    }
  }

  /** Answers with an error. Never throws. */
  fail(error: unknown): void {
    const { reporter } = this.#plan;
    if (this.#isSettled) {
      if (!GatewayException.is(error)) reporter.unanswered(error, this);
      return;
    }
    this.#isSettled = true;
    try {
      sendError(this.socket, this.event, this.#reply, reporter.toClient(error, this));
    } catch (failure) {
      reporter.unanswered(failure, this);
    }
  }

  #succeed(output: unknown): void {
    if (this.#isSettled || this.#reply === undefined) return;
    if (output instanceof FilterAnswer) this.acknowledge(output.value);
    else if (this.#plan.ack === "callback") this.fail(new GatewayException("NOT_ACKNOWLEDGED"));
    else if (this.#plan.ack === "value" && output !== undefined) this.acknowledge(output);
    else this.acknowledge();
  }
}

/** Tells a client that its event failed: by the acknowledgement it asked for, or else by the event `exception`. */
export function sendError(socket: Socket, event: string, reply: AckReply | undefined, error: ClientError): void {
  if (reply !== undefined) reply({ error });
  else socket.emit("exception", { event, error });
}
