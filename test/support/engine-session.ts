import {
  EngineServer,
  type EngineOptions,
  type EngineSocket,
  type EngineSocketHandler,
  type MessageData,
  type TransportName,
} from "../../src/engineio/index.js";
import { FakeTransport } from "./fake-transport.js";
import { ManualClock } from "./manual-clock.js";
import { RecordingLogger } from "./recording-logger.js";

/** A session of an engine whose transport and time the test holds. */
export interface EngineSession {
  readonly server: EngineServer;
  readonly socket: EngineSocket;
  /** What it was opened over; its records begin after the handshake. */
  readonly transport: FakeTransport;
  /** The frames that opened it. */
  readonly opening: MessageData[];
  readonly clock: ManualClock;
  readonly log: RecordingLogger;
  /** What the layer above hears, but for drains. */
  readonly heard: unknown[][];
}

/** Opens a session whose id is "sid". */
export function openSession(options: EngineOptions = {}, name?: TransportName): EngineSession {
  const clock = new ManualClock();
  const log = new RecordingLogger();
  const server = new EngineServer({ clock, logger: log, ...options });
  const heard: unknown[][] = [];
  server.generateId = () => "sid";
  server.onConnection = () => recorder(heard);
  const transport = new FakeTransport(name);
  const socket = server.accept(transport, { headers: {}, socket: { remoteAddress: "192.0.2.1" } });
  return { server, socket, transport, opening: transport.take(), clock, log, heard };
}

function recorder(heard: unknown[][]): EngineSocketHandler {
  return {
    onMessage: (data) => heard.push(["message", data]),
    onClose: (reason, description) =>
      heard.push(description === undefined ? ["close", reason] : ["close", reason, description]),
    onDrain: () => undefined,
  };
}
