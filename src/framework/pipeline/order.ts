import type { Socket } from "../../core.js";
import { GatewayException } from "../client-errors.js";
import type { OrderContract } from "../gateway/contract.js";
import { userOf } from "../limits/keys.js";
import type { LaneTable, Job } from "./lane-table.js";
import { EndingJob, type Lanes } from "./lanes.js";
import type { MessageCall } from "./message-call.js";

/** Runs a call in its turn. */
export type Submit = (call: MessageCall) => void;

/** Makes the ways in which calls of one gateway wait for each other. */
export class Orders {
  readonly #lanes: Lanes;
  /** The gateway's methods share it: the same key, one at a time. */
  #serial: LaneTable | undefined;

  constructor(lanes: Lanes) {
    this.#lanes = lanes;
  }

  /** @param order - of the handler; without one its calls run in the order of arrival. */
  submitterOf(order: OrderContract | undefined): Submit {
    if (order === undefined) return (call) => this.#lanes.submit(call);
    const { serial, isLatest } = order;
    const enter = this.#entrance(order);
    const queue = (call: MessageCall): Job => (serial === undefined ? call : this.#serialised(call, serial));
    return isLatest === true ? newestOnly(enter, queue) : (call) => enter(queue(call));
  }

  #entrance({ concurrency }: OrderContract): (job: Job) => void {
    if (concurrency === undefined) return (job) => this.#lanes.submit(job);
    const table = this.#lanes.addTable(concurrency);
    return (job) => this.#lanes.submitAside(job, table);
  }

  #serialised(call: MessageCall, by: NonNullable<OrderContract["serial"]>): Job {
    this.#serial ??= this.#lanes.addTable(1);
    return new SerialJob(call, by, this.#serial);
  }
}

/** A call that has its turn in its socket's order, and waits there for its turn among those of the same key. */
class SerialJob implements Job {
  readonly #call: MessageCall;
  readonly #by: NonNullable<OrderContract["serial"]>;
  readonly #table: LaneTable;

  constructor(call: MessageCall, by: NonNullable<OrderContract["serial"]>, table: LaneTable) {
    this.#call = call;
    this.#by = by;
    this.#table = table;
  }

  get socket(): Socket {
    return this.#call.socket;
  }

  get label(): string {
    return this.#call.label;
  }

  get isOver(): boolean {
    return this.#call.isOver;
  }

  run(): Promise<void> | undefined {
    if (this.isOver) return undefined;
    let key: string | number | null | undefined;
    try {
      key = this.#by === "user" ? userOf(this.socket) : this.#by.value(this.#call);
    } catch (error) {
      this.#call.fail(error);
      return undefined;
    }
    return key === undefined || key === null ? this.#call.run() : this.#runAlone(key);
  }

  refuse(): void {
    this.#call.refuse();
  }

  cancel(reason: GatewayException): void {
    this.#call.cancel(reason);
  }

  #runAlone(key: string | number): Promise<void> | undefined {
    const end: { hasCome: boolean; tell?: () => void } = { hasCome: false };
    const job = new EndingJob(this.#call, () => {
      end.hasCome = true;
      end.tell?.();
    });
    this.#table.submit(key, job);
    if (end.hasCome) return undefined;
    return new Promise((resolve) => {
      end.tell = resolve;
    });
  }
}

/** Cancels the call of a socket that has not ended when the next one comes. */
function newestOnly(enter: (job: Job) => void, queue: (call: MessageCall) => Job): Submit {
  const newest = new Map<Socket, MessageCall>();
  return (call) => {
    const { socket } = call;
    newest.get(socket)?.cancel(new GatewayException("SUPERSEDED"));
    newest.set(socket, call);
    const job = new EndingJob(queue(call), () => {
      if (newest.get(socket) === call) newest.delete(socket);
    });
    enter(job);
  };
}
