import type { Readable, Writable } from "node:stream";
import { CliError } from "./errors.js";
import type { Surroundings } from "./surroundings.js";

/** What is asked, and how to say it without being asked. */
export interface Question {
  readonly message: string;
  /** What is missing without an answer, for the error: "the name". */
  readonly what: string;
  /** Argument or option that answers: `--template <name>`. */
  readonly flag: string;
}

/** A line of text. */
export interface TextQuestion extends Question {
  readonly placeholder?: string;
  /** What is wrong with the answer; `undefined` takes it. */
  readonly check?: (answer: string) => string | undefined;
}

/** One of several. */
export interface ChoiceQuestion<Value extends string> extends Question {
  readonly choices: readonly { readonly value: Value; readonly hint?: string }[];
  /** The one that Enter takes. */
  readonly initial: Value;
}

/** Asks the user. Only with a terminal on both ends; otherwise every question is a `CLI_NEEDS_ANSWER`. */
export class Prompter {
  readonly #surroundings: Surroundings;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /** Whether there is somebody to ask. */
  get isInteractive(): boolean {
    const { stdin, stdout } = this.#surroundings;
    return stdin.isTTY === true && stdout.isTTY === true;
  }

  async text({ message, placeholder, check, ...question }: TextQuestion): Promise<string> {
    this.#requireTerminal(question);
    const { text } = await import("@clack/prompts");
    const validate = (answer = ""): string | undefined => check?.(answer);
    return this.#answered(await text({ message, validate, ...(placeholder && { placeholder }), ...this.#streams() }));
  }

  async choose<Value extends string>(question: ChoiceQuestion<Value>): Promise<Value> {
    this.#requireTerminal(question);
    const { select } = await import("@clack/prompts");
    const options = question.choices.map(({ value, hint }) => ({ value: value, label: value, hint }));
    const { message, initial: initialValue } = question;
    return this.#answered(await select<string>({ message, options, initialValue, ...this.#streams() })) as Value;
  }

  #requireTerminal({ what, flag }: Pick<Question, "what" | "flag">): void {
    if (!this.isInteractive) throw new CliError("CLI_NEEDS_ANSWER", { values: { what, flag } });
  }

  /** With a terminal they are the process's own. */
  #streams(): { input: Readable; output: Writable; signal: AbortSignal } {
    const { stdin, stdout, signal } = this.#surroundings;
    return { input: stdin as unknown as Readable, output: stdout as unknown as Writable, signal };
  }

  /** Ctrl-C and Escape answer with a symbol: a terminal in raw mode sends no signal. */
  #answered(answer: string | symbol): string {
    this.#surroundings.signal.throwIfAborted();
    if (typeof answer === "symbol") throw new CliError("CLI_INTERRUPTED", { values: { signal: "SIGINT" } });
    return answer;
  }
}
