import type { Dependency } from "./dependencies.js";
import type { ProviderNode } from "./provider-node.js";

/** One thing that a provider asks for, and who provides it. */
export interface Link {
  readonly dependency: Dependency;
  /** `undefined` for optional ones that do not exist. */
  readonly provider: ProviderNode | undefined;
  /** Whether it closes a circle, and is given when both sides exist. */
  isDeferred: boolean;
}

/** Each provider with what it asks for, in order. */
export type ProviderLinks = ReadonlyMap<ProviderNode, readonly Link[]>;
