/** Instances travel in a box: whoever awaits would await those too that happen to have a method named `then`. */
export interface Box {
  readonly value: unknown;
}

/** A box, or the promise of one when something on the way is asynchronous. */
export type BoxOrPromise = Box | Promise<Box>;
