import { clientMatchers, type ClientMatchers } from "./matchers.js";

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- where @types/jest has the matchers of the global `expect`
  namespace jest {
    // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- merged into the interface of @types/jest
    interface Matchers<R> extends ClientMatchers<R> {}
  }
}

/** Gives the matchers to the global `expect` of jest and vitest; without one, that is up to the test's author. */
(globalThis as { expect?: { extend?: (matchers: object) => void } }).expect?.extend?.(clientMatchers);
