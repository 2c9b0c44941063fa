/**
 * Runs when every provider exists; nothing is served before it has ended. Modules that are farthest from the root come
 * first, the root module last; within a module what others need comes first, the module's own class last.
 */
export interface OnModuleInit {
  onModuleInit(): unknown;
}

/** Runs after every `onModuleInit`, before the first connection. */
export interface OnApplicationBootstrap {
  onApplicationBootstrap(): unknown;
}

/** First of the three closing hooks; the connections are gone by then. The order of all three is the opposite. */
export interface OnModuleDestroy {
  onModuleDestroy(): unknown;
}

/** Second of the three closing hooks. */
export interface BeforeApplicationShutdown {
  /** @param signal - the signal that ended the process, `undefined` after a plain `close()`. */
  beforeApplicationShutdown(signal?: string): unknown;
}

/** Last hook of all. */
export interface OnApplicationShutdown {
  /** @param signal - the signal that ended the process, `undefined` after a plain `close()`. */
  onApplicationShutdown(signal?: string): unknown;
}
