export { CodedError, isOfFamily, messageOf } from "./errors.js";
export type { CodedErrorOptions, ErrorRow, ErrorTable } from "./errors.js";
export { systemClock } from "./clock.js";
export type { Clock, Timer } from "./clock.js";
export { Deadline, Deadlines } from "./deadlines.js";
export { createId } from "./ids.js";
export { LazyEmitter } from "./lazy-emitter.js";
export { consoleLogger, guardLogger, silentLogger } from "./logger.js";
export type { LogFields, Logger } from "./logger.js";
