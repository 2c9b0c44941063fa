import { EngineServer, type ConnectionError, type EngineOptions } from "../../src/engineio/index.js";
import { HttpStage } from "./http.js";
import { ManualClock } from "./manual-clock.js";
import { RecordingLogger } from "./recording-logger.js";

/** An engine that listens, and all that can be seen of it. */
export interface ListeningEngine {
  readonly engine: EngineServer;
  readonly stage: HttpStage;
  readonly clock: ManualClock;
  /** What came to `connection_error`. */
  readonly errors: ConnectionError[];
}

/** Attaches an engine to an HTTP server on a free port; its time is the test's. */
export async function listenWith(options: EngineOptions): Promise<ListeningEngine> {
  const clock = new ManualClock();
  const errors: ConnectionError[] = [];
  const engine = new EngineServer({ clock, logger: new RecordingLogger(), ...options });
  engine.on("connection_error", (error: ConnectionError) => errors.push(error));
  const stage = await HttpStage.open();
  engine.attach(stage.server);
  return { engine, stage, clock, errors };
}
