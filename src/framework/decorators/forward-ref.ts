import type { ForwardReference } from "../contracts/class.js";

/**
 * Names a provider or a module that does not exist yet when this file is loaded, or that needs this one in turn:
 * `@Inject(forwardRef(() => Other))`, `imports: [forwardRef(() => OtherModule)]`. One side of a circle is enough.
 *
 * Of two providers in a circle each has the other when `onModuleInit` runs; a constructor that already uses what it was
 * given by `forwardRef` throws `GATEWAY_FORWARD_REF_EARLY`.
 *
 * @param refer - called at start, when every file has been loaded.
 */
export function forwardRef<T>(refer: () => T): ForwardReference<T> {
  return { forwardRef: refer };
}
