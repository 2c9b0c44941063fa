import type { ClientMatchers } from "rookery/testing";
import "vitest";

declare module "vitest" {
  // Merges with vitest's interface, so the parameter has to look as it does there.
  interface Matchers<T = any> extends ClientMatchers<void> {}
}
