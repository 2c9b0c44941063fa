import { execFile, execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Who a program runs as; empty: who runs the tests. */
interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * A server program of the system, in a folder of its own under the temporary one. It listens on a socket there and on no
 * port, so that nothing else can be in its place.
 */
abstract class Service {
  protected readonly path: string;
  protected readonly account: Account = {};
  readonly #ready: RegExp;
  #folder: string | undefined;
  #process: ChildProcess | undefined;

  /**
   * @param path - of the program.
   * @param ready - what the program writes once it takes connections.
   */
  constructor(path: string, ready: RegExp) {
    this.path = path;
    this.#ready = ready;
  }

  protected abstract get args(): string[];

  protected get folder(): string {
    if (this.#folder === undefined) {
      this.#folder = mkdtempSync(join(tmpdir(), "rookery-"));
      const { uid, gid } = this.account;
      if (uid !== undefined && gid !== undefined) chownSync(this.#folder, uid, gid);
    }
    return this.#folder;
  }

  /** Takes connections when it resolves; after `stop`, at the same address as before. */
  async start(): Promise<void> {
    const options = { cwd: this.folder, ...this.account };
    this.#process = spawn(this.path, this.args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    await announcement(this.#process, this.#ready);
  }

  /** Ends the program, and with it the connections of its clients. */
  async stop(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const gone = once(child, "exit");
    // PostgreSQL would wait on SIGTERM until its clients have left.
    child.kill("SIGINT");
    await gone;
  }

  /** Ends the program and removes what it has stored. */
  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
    this.#folder = undefined;
  }
}

/** A Redis server that forgets everything when it stops. */
export class Redis extends Service {
  /** @param path - of `redis-server`. */
  constructor(path: string) {
    super(path, /ready to accept connections/i);
  }

  /** Path of its socket. */
  get address(): string {
    return join(this.folder, "redis.sock");
  }

  protected override get args(): string[] {
    return ["--port", "0", "--unixsocket", this.address, "--dir", this.folder, "--save", ""];
  }
}

/** A PostgreSQL server with an empty database `postgres` of the user `postgres`, who needs no password. */
export class Postgres extends Service {
  protected override readonly account = accountForPostgres();

  /** @param path - of `postgres`; `initdb` is beside it. */
  constructor(path: string) {
    super(realpathSync(path), /ready to accept connections/);
  }

  /** Folder of its socket, which clients take in the place of a host. */
  get address(): string {
    return this.folder;
  }

  protected override get args(): string[] {
    return ["-D", this.#data, "-k", this.folder, "-c", "listen_addresses=", "-F"];
  }

  get #data(): string {
    return join(this.folder, "data");
  }

  override async start(): Promise<void> {
    if (!existsSync(this.#data)) await this.#create();
    await super.start();
  }

  async #create(): Promise<void> {
    const settings = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"];
    const options = { cwd: this.folder, ...this.account };
    await run(join(dirname(this.path), "initdb"), ["-D", this.#data, ...settings], options);
  }
}

/** PostgreSQL refuses to run as root; its package brings a user for it. */
function accountForPostgres(): Account {
  if (process.getuid?.() !== 0) return {};
  const idOf = (kind: string): number => Number(execFileSync("id", [kind, "postgres"], { encoding: "utf8" }));
  return { uid: idOf("-u"), gid: idOf("-g") };
}

/** Waits until the program writes what matches. */
async function announcement(child: ChildProcess, pattern: RegExp): Promise<void> {
  let output = "";
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (text) => {
        output += String(text);
        if (pattern.test(output)) resolve();
      });
    }
    child.once("error", reject);
    child.once("exit", () => {
      reject(new Error(`${child.spawnfile} ended before it was ready:\n${output}`));
    });
  });
}
