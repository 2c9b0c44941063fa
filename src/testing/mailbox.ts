import type { Question } from "./question.js";

/** One event that a client has received. */
export interface ReceivedEvent {
  readonly event: string;
  /** Without the acknowledgement that the server may have asked for. */
  readonly args: readonly unknown[];
  /** Whether `next()` or `toReceive` has had it. */
  readonly isTaken: boolean;
  /** There when the server asked for an acknowledgement. @internal */
  readonly question?: Question;
}

interface Entry extends ReceivedEvent {
  isTaken: boolean;
}

type Accepts = (received: ReceivedEvent) => boolean;

/** Everything that a client has received, in order. Each entry can be taken once, and read any number of times. */
export class Mailbox {
  readonly #entries: Entry[] = [];
  #change: Promise<void> | undefined;
  #onChange: () => void = () => undefined;

  get entries(): readonly ReceivedEvent[] {
    return this.#entries;
  }

  add(event: string, args: readonly unknown[], question: Question | undefined): void {
    this.#entries.push({ event, args, isTaken: false, ...(question !== undefined && { question }) });
    this.wake();
  }

  /** The first acceptable entry that nobody has taken; it is taken now. */
  take(accepts: Accepts): ReceivedEvent | undefined {
    const entry = this.#entries.find((candidate) => !candidate.isTaken && accepts(candidate));
    if (entry !== undefined) entry.isTaken = true;
    return entry;
  }

  /** The first `event` that waits for an acknowledgement, taken or not; it is taken now. */
  takeQuestion(event: string): ReceivedEvent | undefined {
    const entry = this.#entries.find((candidate) => candidate.event === event && candidate.question?.isOpen === true);
    if (entry !== undefined) entry.isTaken = true;
    return entry;
  }

  /** Resolves at the next arrival, or at `wake()`. */
  changed(): Promise<void> {
    this.#change ??= new Promise((resolve) => (this.#onChange = resolve));
    return this.#change;
  }

  /** Lets everyone who waits look again: nothing more may be coming. */
  wake(): void {
    this.#change = undefined;
    this.#onChange();
  }
}
