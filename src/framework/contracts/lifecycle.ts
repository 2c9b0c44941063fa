/** Runs when every provider exists, imported modules first; nothing is served before it has ended. */
export interface OnModuleInit {
  onModuleInit(): unknown;
}

/** Runs after every `onModuleInit`, before the first connection. */
export interface OnApplicationBootstrap {
  onApplicationBootstrap(): unknown;
}

/** First of the three closing hooks; the connections are gone by then. Importing modules come first. */
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
