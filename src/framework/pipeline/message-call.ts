import { isThenable } from "../../common/index.js";
import type { AckReply, Socket } from "../../core.js";
import { GatewayException } from "../client-errors.js";
import { sendError, type AckWriter, type Incoming } from "./ack-format.js";
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
  /** `silent`: others answer; it tells of its failure alone. */
  readonly ack: "none" | "value" | "callback" | "silent";
  readonly writer: AckWriter;
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
 * That is the format "value"; the plan's writer knows the others. Whatever comes first counts; the rest is ignored or
 * logged.
 */
export class MessageCall extends Call implements Job, Incoming {
  readonly #plan: MessagePlan;
  /** @internal */
  readonly reply: AckReply | undefined;
  #isSettled = false;

  constructor(plan: MessagePlan, socket: Socket, args: readonly unknown[], reply: AckReply | undefined) {
    super(plan, socket, args);
    this.#plan = plan;
    this.reply = reply;
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

  get writer(): AckWriter {
    return this.#plan.writer;
  }

  get label(): string {
    return this.#plan.label;
  }

  run(): Promise<void> | undefined {
    // Given up while it waited for its turn.
    if (this.#isSettled) return undefined;
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

  override cancel(reason: GatewayException): void {
    super.cancel(reason);
    this.fail(reason);
  }

  refuse(): void {
    this.fail(new GatewayException("RATE_LIMITED"));
  }

  /** The method's own way to answer; the first call counts, and it never throws. */
  acknowledge(...args: unknown[]): void {
    if (this.#isSettled || this.reply === undefined) return;
    try {
      this.#isSettled = true;
      this.reply(...args);
    } catch (error) {
      this.#isSettled = false;
      this.fail(error);
    }
  }

  /** Answers with an error. Never throws. */
  fail(thrown: unknown): void {
    const error = this.causeOf(thrown);
    this.end();
    const { reporter } = this.#plan;
    if (this.#isSettled) {
      if (!GatewayException.is(error)) reporter.unanswered(error, this);
      return;
    }
    this.#isSettled = true;
    try {
      sendError(this, reporter.toClient(error, this));
    } catch (failure) {
      reporter.unanswered(failure, this);
    }
  }

  #succeed(output: unknown): void {
    this.end();
    if (this.#isSettled || this.reply === undefined) return;
    if (output instanceof FilterAnswer) this.#answer(this.reply, output.value);
    else if (this.#plan.ack === "silent") this.#isSettled = true;
    else if (this.#plan.ack === "callback") this.fail(new GatewayException("NOT_ACKNOWLEDGED"));
    else this.#answer(this.reply, this.#plan.ack === "value" ? output : undefined);
  }

  /** What cannot be encoded is an error that can be. */
  #answer(reply: AckReply, value: unknown): void {
    try {
      this.#isSettled = true;
      this.#plan.writer.success(reply, value);
    } catch (error) {
      this.#isSettled = false;
      this.fail(error);
    }
  }
}
