/** `rookery/testing`: gateways under test, by real frames and without a port. */
import "./expect.js";

export { AckError } from "./ack-error.js";
export { TestClient } from "./client.js";
export type { ClientReservedEvents, ReceivedArgs } from "./client.js";
export { ConnectError } from "./connect-error.js";
export { TESTING_ERRORS, TestingError } from "./errors.js";
export type { TestingErrorCode } from "./errors.js";
export type { RequestOptions } from "./link.js";
export type { LogEntry } from "./log-book.js";
export type { ReceivedEvent } from "./mailbox.js";
export { clientMatchers } from "./matchers.js";
export type { ClientMatchers } from "./matchers.js";
export { MemoryTransport } from "./memory-transport.js";
export type { ClientDisconnectReason } from "./session.js";
export { TestingApplication } from "./testing-application.js";
export type { ConnectOptions } from "./testing-application.js";
export { Test, TestingModuleBuilder } from "./testing-module.js";
export type { ProviderReplacement } from "./testing-module.js";
export type { FrameReceiver } from "./wire.js";
