import { type Deadline, type Deadlines, isThenable } from "../common/index.js";
import type { PendingAcks, SharedAck } from "./ack.js";
import { AckDecodeError, AckTimeoutError } from "./errors.js";

/**
 * One receiver's answer, or why there is none. `socketId` is undefined for sockets of other servers: the adapters' wire
 * formats do not carry it.
 */
export type AckResult<Value> =
  | { readonly socketId: string | undefined; readonly ok: true; readonly value: Value; readonly args: unknown[] }
  | { readonly socketId: string | undefined; readonly ok: false; readonly error: Error };

/** Turns the arguments of an acknowledgement into its value, or a promise of it; a throw means that the answer is refused. */
export type AckDecoder<Value> = (...args: unknown[]) => Value | PromiseLike<Value>;

/** What is told of an acknowledged emit as it goes on. */
export interface AckObserver<Value> {
  onResult?(result: AckResult<Value>): void;
  /** Called once, last. */
  onDone(): void;
}

export interface AckCollectorOptions<Value> {
  readonly deadlines: Deadlines;
  /** Undefined: waits until everyone has answered or left. */
  readonly timeoutMs: number | undefined;
  readonly decode: AckDecoder<Value>;
  /** The error of a receiver that is too far behind to be asked; without it the question counts as asked. */
  readonly describeDrop?: () => Error;
}

/** Where a socket of this server owes its answer. */
interface Debt {
  readonly acks: PendingAcks;
  readonly id: number;
}

/**
 * Counts the answers to one emit, of one socket or of many on several servers, and ends exactly once: when all have
 * answered or left, at the timeout, or when nobody wants to know any more.
 */
export class AckCollector<Value> {
  readonly results: AckResult<Value>[] = [];
  /** The acknowledgement to register with each receiver. */
  readonly ack: SharedAck;
  readonly #options: AckCollectorOptions<Value>;
  readonly #owing = new Map<string, Debt>();
  readonly #deadline: Deadline | undefined;
  #observers: AckObserver<Value>[] = [];
  #servers = Infinity;
  #serversHeard = 0;
  #receivers = 0;
  #timedOut = false;
  #done = false;
  #failure: Error | undefined;

  constructor(options: AckCollectorOptions<Value>) {
    this.#options = options;
    this.ack = Object.assign(
      (...args: unknown[]) => {
        this.#answer(undefined, args);
      },
      {
        asked: (socketId: string, acks: PendingAcks, id: number) => this.#owing.set(socketId, { acks, id }),
        answered: (socketId: string, args: unknown[]) => {
          this.#answer(socketId, args);
        },
        lost: (socketId: string, error: Error) => {
          this.#lose(socketId, error);
        },
      },
    );
    const { timeoutMs, deadlines, describeDrop } = options;
    if (describeDrop !== undefined) {
      this.ack.dropped = (socketId) => {
        this.#lose(socketId, describeDrop());
      };
    }
    if (timeoutMs !== undefined)
      this.#deadline = deadlines.add(timeoutMs, () => {
        this.#expire();
      });
  }

  get done(): boolean {
    return this.#done;
  }

  /** Whether somebody did not answer in time. */
  get timedOut(): boolean {
    return this.#timedOut;
  }

  /** Why nobody was asked at all. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Tells what has happened so far, then what happens. */
  observe(observer: AckObserver<Value>): void {
    for (const result of this.results) observer.onResult?.(result);
    if (this.#done) observer.onDone();
    else this.#observers.push(observer);
  }

  /** One server has sent to this many sockets. */
  expectReceivers(count: number): void {
    this.#receivers += count;
    this.#serversHeard += 1;
    this.#check();
  }

  /** So many servers will tell. */
  expectServers(count: number): void {
    this.#servers = count;
    this.#check();
  }

  /** Nobody wants to know any more: what is pending is freed. */
  cancel(): void {
    this.#finish();
  }

  /** Nobody could be asked: that is the one result. */
  fail(error: Error): void {
    this.#failure = error;
    this.#add({ socketId: undefined, ok: false, error });
    this.#finish();
  }

  #answer(socketId: string | undefined, args: unknown[]): void {
    if (socketId !== undefined) this.#owing.delete(socketId);
    const result = this.#decode(socketId, args);
    // The deadline goes on meanwhile: what is decoded too late has not come in time.
    if (result instanceof Promise) void result.then((decoded) => this.#add(decoded));
    else this.#add(result);
  }

  #decode(socketId: string | undefined, args: unknown[]): AckResult<Value> | Promise<AckResult<Value>> {
    try {
      const value = this.#options.decode(...args);
      if (!isThenable(value)) return { socketId, ok: true, value, args };
      return Promise.resolve(value).then(
        (decoded) => ({ socketId, ok: true, value: decoded, args }),
        (cause: unknown) => refused(socketId, cause),
      );
    } catch (cause) {
      return refused(socketId, cause);
    }
  }

  #lose(socketId: string, error: Error): void {
    // Once each: what was dropped is also what could not be sent.
    if (this.#owing.delete(socketId)) this.#add({ socketId, ok: false, error });
  }

  #add(result: AckResult<Value>): void {
    if (this.#done) return;
    this.results.push(result);
    for (const observer of this.#observers) observer.onResult?.(result);
    this.#check();
  }

  #check(): void {
    if (this.#serversHeard >= this.#servers && this.results.length >= this.#receivers) this.#finish();
  }

  #expire(): void {
    this.#timedOut = true;
    const silent: (string | undefined)[] = [...this.#owing.keys()];
    const remote = Math.max(0, this.#receivers - this.results.length - silent.length);
    for (let count = 0; count < remote; count += 1) silent.push(undefined);
    this.#servers = Infinity;
    for (const socketId of silent) this.#add({ socketId, ok: false, error: new AckTimeoutError() });
    this.#finish();
  }

  #finish(): void {
    if (this.#done) return;
    this.#done = true;
    this.#deadline?.cancel();
    for (const { acks, id } of this.#owing.values()) acks.delete(id);
    this.#owing.clear();
    const observers = this.#observers;
    this.#observers = [];
    for (const observer of observers) observer.onDone();
  }
}

function refused(socketId: string | undefined, cause: unknown): AckResult<never> {
  return { socketId, ok: false, error: new AckDecodeError(cause) };
}
