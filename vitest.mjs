/**
 * `import "rookery/vitest"` in a test, or `setupFiles: ["rookery/vitest"]` in the configuration, gives the matchers of
 * `rookery/testing` to vitest's `expect`.
 */
import { clientMatchers } from "rookery/testing";
import { expect } from "vitest";

expect.extend(clientMatchers);
