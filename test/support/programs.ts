import { accessSync, constants, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Where Debian keeps the programs of PostgreSQL's server: a folder a version, none of them on `PATH`. */
const POSTGRESQL_VERSIONS = "/usr/lib/postgresql";

/** Programs of the system that some suites run against, each with the names it is installed under. */
const PROGRAMS = {
  chromium: ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"],
  "redis-server": ["redis-server"],
  postgres: ["postgres"],
  script: ["script"],
} as const;

export type Program = keyof typeof PROGRAMS;

/** Path of the program's executable, or undefined when it is not installed. */
export function findProgram(program: Program): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(delimiter), ...postgresqlFolders()];
  return PROGRAMS[program].flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

function postgresqlFolders(): string[] {
  try {
    return readdirSync(POSTGRESQL_VERSIONS).map((version) => join(POSTGRESQL_VERSIONS, version, "bin"));
  } catch {
    return [];
  }
}

/**
 * A `describe` for a suite that needs a program; `suite` gets its path.
 *
 * Without the program the suite fails in CI, where it has to run. Elsewhere jest lists it as skipped under a name that
 * says what is missing: a passing placeholder would claim what nobody checked, and text on stderr is lost among the
 * output of parallel workers.
 */
export function describeWith(program: Program, name: string, suite: (path: string) => void): void {
  const path = findProgram(program);
  if (path !== undefined) {
    describe(name, () => {
      suite(path);
    });
  } else if (process.env.CI === undefined) {
    describe.skip(`${name} (not run: ${program} is not installed)`, () => {
      suite(program);
    });
  } else {
    it(`${name} runs: ${program} is installed`, () => {
      expect(path).toBeDefined();
    });
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
