import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const repository = join(__dirname, "../..");

/** Compiled code would come and go with the rounds, and count as heap. */
const FLAGS = ["--expose-gc", "--no-opt", "--no-maglev", "--no-sparkplug", "--no-flush-bytecode"];

const MAX_SHARE_LEFT = 0.02;

interface Report {
  readonly takenBytes: number;
  readonly leftBytes: number;
}

describe("1,000 clients in memory, each with an acknowledged event", () => {
  it("leave less than 2 % of the heap that they took when the application is closed", async () => {
    const loader = ["--import", join(repository, "test/support/typescript.mjs")];
    const program = join(__dirname, "programs/thousand-clients.ts");
    const { stdout } = await run(process.execPath, [...FLAGS, ...loader, program], { cwd: repository });
    const { takenBytes, leftBytes } = JSON.parse(stdout) as Report;

    expect(takenBytes).toBeGreaterThan(1_000_000);
    expect(leftBytes / takenBytes).toBeLessThan(MAX_SHARE_LEFT);
  }, 60_000);
});
