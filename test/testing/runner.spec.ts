import { execFile } from "node:child_process";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";

const repository = join(__dirname, "../..");
const runner = join(repository, "node_modules/jest/bin/jest.js");

const RUN_TIMEOUT_MS = 60_000;

interface Report {
  readonly testResults: readonly [{ readonly assertionResults: readonly Result[] }];
}

interface Result {
  readonly title: string;
  readonly status: string;
  readonly failureMessages: readonly string[];
}

let results: readonly Result[];
let hasEnded: boolean;

beforeAll(async () => {
  ({ results, hasEnded } = await run("test/testing/fixtures/broken-tests.ts"));
}, RUN_TIMEOUT_MS);

/** What the author of a test reads when it fails. */
function failureOf(title: string): string {
  const { failureMessages = [] } = results.find((result) => result.title === title) ?? {};
  return stripVTControlCharacters(failureMessages.join("\n"));
}

describe("a test", () => {
  it.each([
    ["has a listener that throws", "RangeError: thrown by a listener"],
    ["has a listener that rejects", "RangeError: rejected by a listener"],
  ])("that %s fails with what that threw", (title, message) => {
    expect(failureOf(title)).toContain(message);
  });

  it("whose two sides answer each other for ever times out, and hangs nobody", () => {
    expect(failureOf("has sides that answer each other for ever")).toContain("Exceeded timeout of 300 ms");
  });

  it("of the testing kit that opens a port fails", () => {
    expect(failureOf("listens on a port and hides it")).toContain("has called net.Server.listen()");
  });

  it("of a handler that throws shows the answer and the line of the test that waited for it", () => {
    expect(failureOf("calls a handler that throws")).toMatch(
      /^AckError \[INTERNAL\]: "break" was answered: Something went wrong\. \{[^]*fixtures\/broken-tests\.ts:\d+/,
    );
  });
});

it("shows how to mend a mistake in the test", () => {
  expect(failureOf("waits too early")).toMatch(
    /TestingError: toAckWith was given string, expected a promise\n\s+Leave out the inner await: /,
  );
});

it("lets the runner end although a test has left an application open", () => {
  expect(failureOf("leaves an application open, and an answer that it waits for")).toBe("");
  expect(hasEnded).toBe(true);
});

/** Runs a file of tests in a jest of its own, under the configuration of this repository. */
async function run(file: string): Promise<{ readonly results: readonly Result[]; readonly hasEnded: boolean }> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the configuration is CommonJS
  const config = require("../../jest.config.cjs") as object;
  const own = { ...config, rootDir: repository, roots: [repository], testMatch: [join(repository, file)] };
  return new Promise((resolve) => {
    // It exits with 1: its tests fail.
    const args = [runner, "--json", "--config", JSON.stringify(own)];
    execFile(process.execPath, args, { timeout: RUN_TIMEOUT_MS }, (failed, output) => {
      const report = JSON.parse(output) as Report;
      resolve({ results: report.testResults[0].assertionResults, hasEnded: failed?.killed !== true });
    });
  });
}
