import { createRequire } from "node:module";
import { TestingError } from "./errors.js";

/** A function that remembers its calls: as much as `jest.fn()` and `vi.fn()` have in common. */
export interface Spy<F extends (...args: never[]) => unknown> {
  readonly mock: {
    readonly calls: Parameters<F>[];
    readonly results: readonly { readonly type: string; readonly value: unknown }[];
  };
  mockImplementation(implementation: F): this;
  mockImplementationOnce(implementation: F): this;
  mockReturnValue(value: ReturnType<F>): this;
  mockReturnValueOnce(value: ReturnType<F>): this;
  mockResolvedValue(value: Awaited<ReturnType<F>>): this;
  mockResolvedValueOnce(value: Awaited<ReturnType<F>>): this;
  mockRejectedValue(error: unknown): this;
  mockRejectedValueOnce(error: unknown): this;
  mockClear(): this;
  mockReset(): this;
}

/** Makes a spy: `jest.fn`, `vi.fn`, or another that takes no arguments. */
export type SpyMaker = () => (...args: never[]) => unknown;

interface Runner {
  readonly fn?: SpyMaker;
}

/** Jest gives one to each CommonJS module; it is no global. */
declare const jest: Runner | undefined;

interface Globals {
  readonly jest?: Runner;
  readonly vi?: Runner;
  /** Where vitest keeps its own exports for modules that were loaded without it. */
  readonly __vitest_index__?: { readonly vi?: Runner };
}

/**
 * The spies of the test runner that this runs under.
 *
 * @throws TestingError `TESTING_NO_SPIES`
 */
export function findSpyMaker(runners: readonly (Runner | undefined)[] = runnersHere()): SpyMaker {
  const fn = runners.find((runner) => typeof runner?.fn === "function")?.fn;
  if (fn === undefined) throw new TestingError("TESTING_NO_SPIES");
  return fn;
}

function runnersHere(): readonly (Runner | undefined)[] {
  const globals = globalThis as Globals;
  const own = typeof jest === "undefined" ? undefined : jest;
  const known = [own, globals.jest, globals.vi, globals.__vitest_index__?.vi];
  return known.some((runner) => runner !== undefined) ? known : [jestByName()];
}

/** Jest gives nothing to ES modules under its own loader, nor with `injectGlobals: false`, but can be asked by name. */
function jestByName(): Runner | undefined {
  try {
    const { jest: byName } = createRequire(import.meta.url)("@jest/globals") as { readonly jest?: Runner };
    return byName;
  } catch {
    // Another runner: the package is not there, or refuses to be loaded.
    return undefined;
  }
}
