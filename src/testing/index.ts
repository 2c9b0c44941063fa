/** `rookery/testing`: gateways under test, by real frames and without a port. */
import "./expect.js";

export { AckError } from "./ack-error.js";
export { autoMock, createMock } from "./auto-mock.js";
export type { Mock, MockMembers, MockOptions } from "./auto-mock.js";
export { TestClient } from "./client.js";
export type { AckPromise, Answer, ClientAuth, ClientReservedEvents, ReceivedArgs } from "./client-types.js";
export { ConnectError } from "./connect-error.js";
export { TESTING_ERRORS, TestingError } from "./errors.js";
export type { TestingErrorCode } from "./errors.js";
export type { Emitted, RecordedEmit } from "./emits.js";
export type { AnswerOf, InvokeOptions, MethodName } from "./invoke.js";
export type { ConnectionLoss, RequestOptions } from "./link.js";
export type { LogEntry } from "./log-book.js";
export type { ReceivedEvent } from "./mailbox.js";
export { clientMatchers } from "./matchers.js";
export type { ClientMatchers } from "./matchers.js";
export type { Answerer } from "./mock-peer.js";
export { MockServer, mockServer } from "./mock-server.js";
export { mockSocket } from "./mock-socket.js";
export type { MockedSocket, MockSocket, MockSocketOptions } from "./mock-socket.js";
export { MemoryTransport } from "./memory-transport.js";
export { Recording } from "./recording.js";
export type { ClientDisconnectReason } from "./session.js";
export { TestingApplication } from "./testing-application.js";
export type { ConnectOptions } from "./testing-application.js";
export type { Spy, SpyMaker } from "./spies.js";
export { Test, TestingModuleBuilder } from "./testing-module.js";
export type { TestingOptions } from "./testing-module.js";
export type {
  EnhancerReplacement,
  ModuleFactory,
  ModuleReplacement,
  ProviderReplacement,
  Replaced,
} from "./replacements.js";
export { VirtualClock } from "./virtual-clock.js";
export { invoke } from "./unit.js";
export type { UnitOptions } from "./unit.js";
export type { FrameReceiver } from "./wire.js";
