import { spawn, type ChildProcess } from "node:child_process";
import { stripVTControlCharacters } from "node:util";

/** A command in a terminal of 100 columns and 40 lines, by `script` of util-linux. */
export class PseudoTerminal {
  /** The command's own. */
  readonly exitCode: Promise<number | null>;
  readonly #process: ChildProcess;
  #text = "";
  #read = 0;
  #onText: () => void = () => undefined;

  constructor(command: string, options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv }) {
    const line = `stty cols 100 rows 40; exec ${command}`;
    this.#process = spawn("script", ["--quiet", "--return", "--command", line, "/dev/null"], {
      ...options,
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#process.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.#text += text;
      this.#onText();
    });
    this.exitCode = new Promise((resolve) => this.#process.on("close", resolve));
  }

  /** All that was written, without colours and movements of the cursor. */
  get text(): string {
    return stripVTControlCharacters(this.#text);
  }

  /** Types `keys` when `question` has been asked, and the keyboard is read. */
  async answer(question: string, keys: string): Promise<void> {
    await this.#sees(question);
    this.#process.stdin?.write(keys);
  }

  async #sees(text: string): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#onText = () => {
        const found = this.#text.indexOf(text, this.#read);
        if (found < 0) return;
        this.#read = found + text.length;
        resolve();
      };
      this.#onText();
    });
  }
}
