import { runInThisContext } from "node:vm";

/**
 * A function that a test sends to another process by its text: it sees its parameters and the globals there, nothing of
 * the module it is written in.
 */
export type RemoteTask<Context, Args extends unknown[], Result> = (context: Context, ...args: Args) => Result;

interface Request {
  readonly task: number;
  readonly source: string;
  readonly args: unknown[];
}

interface Answer {
  readonly answerTo: number;
  readonly value?: unknown;
  readonly error?: { readonly message: string };
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** The answer to a question that nobody asked: the process can be asked from now on. */
const READY = 0;

/** The end of a channel between processes that asks. */
export class TaskSender {
  readonly #send: (request: Request) => void;
  readonly #pending = new Map<number, Pending>();
  #count = READY;

  /** @param send - carries a request to the process that performs the tasks. */
  constructor(send: (request: Request) => void) {
    this.#send = send;
  }

  /** What the other process tells of itself once it performs tasks. */
  async ready(): Promise<unknown> {
    return this.#answerTo(READY);
  }

  /** What the task returns there, or a rejection with the message and the properties of what it threw. */
  async perform(source: string, args: unknown[]): Promise<unknown> {
    this.#count += 1;
    const answer = this.#answerTo(this.#count);
    this.#send({ task: this.#count, source, args });
    return answer;
  }

  /** Takes a message of the other process; what is no answer is left alone. */
  receive(message: unknown): void {
    if (!isAnswer(message)) return;
    const pending = this.#pending.get(message.answerTo);
    this.#pending.delete(message.answerTo);
    if (message.error === undefined) pending?.resolve(message.value);
    else pending?.reject(Object.assign(new Error(), message.error));
  }

  /** No more answers will come. */
  abandon(reason: string): void {
    for (const { reject } of this.#pending.values()) reject(new Error(reason));
    this.#pending.clear();
  }

  async #answerTo(task: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#pending.set(task, { resolve, reject });
    });
  }
}

/** Performs what the parent process asks for, with `context` as first argument; `details` tell it that it may ask. */
export function performTasks(context: unknown, details: unknown): void {
  process.on("message", (message) => {
    if (isRequest(message)) void answer(context, message);
  });
  process.once("disconnect", () => process.exit());
  process.send?.({ answerTo: READY, value: details } satisfies Answer);
}

async function answer(context: unknown, { task, source, args }: Request): Promise<void> {
  let outcome: Omit<Answer, "answerTo">;
  try {
    const run = runInThisContext(`(${source})`) as RemoteTask<unknown, unknown[], unknown>;
    outcome = { value: await run(context, ...args) };
  } catch (error) {
    outcome = { error: Object.assign({ message: (error as Error).message }, error) };
  }
  process.send?.({ answerTo: task, ...outcome });
}

function isRequest(message: unknown): message is Request {
  return typeof message === "object" && message !== null && "source" in message && "task" in message;
}

function isAnswer(message: unknown): message is Answer {
  return typeof message === "object" && message !== null && "answerTo" in message;
}
