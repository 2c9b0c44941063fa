/** How a question's answer gets back to whom it came from. */
export interface Return {
  /** Whether the connection that it came by is still there. */
  isThere(): boolean;
  send(args: readonly unknown[]): void;
}

/** An event of the server that waits for its acknowledgement; the first answer counts. */
export class Question {
  readonly #return: Return;
  #isAnswered = false;

  constructor(back: Return) {
    this.#return = back;
  }

  /** Whether an answer would still count. */
  get isOpen(): boolean {
    return !this.#isAnswered && this.#return.isThere();
  }

  /** What listeners are given behind the event's arguments. */
  readonly answer = (...args: unknown[]): void => {
    if (!this.isOpen) return;
    this.#isAnswered = true;
    this.#return.send(args);
  };
}
