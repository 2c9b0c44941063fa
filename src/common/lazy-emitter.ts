import { EventEmitter } from "node:events";

/** An EventEmitter that holds nothing until somebody listens: to most connections nobody does (bench scenario memory). */
export abstract class LazyEmitter extends EventEmitter {
  constructor(options?: ConstructorParameters<typeof EventEmitter>[0]) {
    super(options);
    // As it is in an object that has an emitter's methods without its constructor: the first listener makes it.
    (this as { _events?: unknown })._events = undefined;
  }
}
