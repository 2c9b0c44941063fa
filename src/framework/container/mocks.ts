import type { InjectionToken } from "../contracts/class.js";
import type { ValueProvider } from "../contracts/module.js";
import type { Platform } from "./injector.js";
import type { ModuleNode } from "./module-node.js";

/**
 * Adds to what is provided everywhere what `mock` makes of tokens that nobody provides: one value for each token. What a
 * module keeps to itself stays missing elsewhere.
 */
export function withMocks(
  platform: Platform,
  mock: ((token: InjectionToken) => unknown) | undefined,
  modules: readonly ModuleNode[],
): Platform {
  if (mock === undefined) return platform;
  const mocks = new Map<InjectionToken, ValueProvider>();
  return (token, requester) => {
    const known = platform(token, requester) ?? mocks.get(token);
    // Without a requester somebody looks for what is there; only who needs a thing has it made.
    if (known !== undefined || requester === undefined) return known;
    if (modules.some(({ providers }) => providers.has(token))) return undefined;
    const useValue = mock(token);
    if (useValue === undefined) return undefined;
    const made: ValueProvider = { provide: token, useValue };
    mocks.set(token, made);
    return made;
  };
}
