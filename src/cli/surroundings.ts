/** What a run of the CLI has around it; a test gives its own. */
export interface Surroundings {
  readonly cwd: string;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly clock: Clock;
  /** Aborted by Ctrl-C and its like, with a CliError `CLI_INTERRUPTED` as the reason. */
  readonly signal: AbortSignal;
}

/** Where answers come from. */
export interface InputStream {
  readonly isTTY?: boolean;
  /** Its number, when a child process can have it. */
  readonly fd?: number;
}

/** Where text goes. */
export interface OutputStream {
  readonly isTTY?: boolean;
  /** Its number, when a child process can have it. */
  readonly fd?: number;
  /** Width of the terminal. */
  readonly columns?: number;
  write(text: string): unknown;
}

/** Where time comes from. */
export interface Clock {
  /** Monotonic milliseconds; only differences mean something. */
  now(): number;
  setTimeout(callback: () => void, delayMs: number): unknown;
  clearTimeout(timer: unknown): void;
}
