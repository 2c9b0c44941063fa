import type { ClientMatchers } from "rookery/testing" with { "resolution-mode": "import" };
import "@jest/globals";

/** For tests that import `expect` from `@jest/globals`; the global one has its types from `rookery/testing`. */
declare module "@jest/expect" {
  // Merges with jest's interface, so the parameters have to look as they do there.
  interface Matchers<R extends void | Promise<void>, T = unknown> extends ClientMatchers<R> {}
}
