import type { Activity, End } from "./activity.js";

/** Takes the arguments of an acknowledgement; undefined when it will never come, since the client has gone. */
export type OnReply = (args: readonly unknown[] | undefined) => void;

interface PendingReply {
  readonly onReply: OnReply;
  readonly done: End;
}

/** Acknowledgements that the server owes one client, by packet id. */
export class PendingReplies {
  readonly #activity: Activity;
  readonly #pending = new Map<number, PendingReply>();
  #nextId = 0;

  constructor(activity: Activity) {
    this.#activity = activity;
  }

  nextId(): number {
    return this.#nextId++;
  }

  add(id: number, onReply: OnReply): void {
    this.#pending.set(id, { onReply, done: this.#activity.begin() });
  }

  /** Unknown ids are ignored, as real clients do. */
  settle(id: number | undefined, args: readonly unknown[] | undefined): void {
    const pending = id === undefined ? undefined : this.#pending.get(id);
    if (id === undefined || pending === undefined) return;
    this.#pending.delete(id);
    pending.done();
    pending.onReply(args);
  }

  release(): void {
    for (const id of [...this.#pending.keys()]) this.settle(id, undefined);
  }
}
