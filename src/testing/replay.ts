import type { MessageData, Server } from "../core.js";
import { TestingError } from "./errors.js";
import { toRequest, type RequestOptions } from "./link.js";
import { MemoryTransport, TRANSPORT_LOSSES } from "./memory-transport.js";
import { Recording } from "./recording.js";
import type { Surroundings } from "./surroundings.js";
import type { FrameReceiver } from "./wire.js";

/** A client without a will of its own: what it receives is in the recording. */
const silent: FrameReceiver = { onFrame: () => undefined, onClose: () => undefined };

/**
 * Plays the clients of a transcript against a server.
 *
 * @returns what was said this time.
 * @throws TestingError `TESTING_BAD_TRANSCRIPT`
 */
export async function replay(transcript: string, server: Server, surroundings: Surroundings): Promise<string> {
  const recording = new Recording(server, surroundings.clock);
  const player = new Player(server, surroundings, recording);
  try {
    const lines = transcript.trim().split("\n");
    for (const [index, line] of lines.entries()) {
      if (line === "") continue;
      const hasBeenPlayed = await player.play(line.trim());
      const values = { line: index + 1, text: JSON.stringify(line) };
      if (!hasBeenPlayed) throw new TestingError("TESTING_BAD_TRANSCRIPT", { values });
    }
    await surroundings.activity.quiet();
  } finally {
    recording.stop();
  }
  return recording.transcript;
}

class Player {
  readonly #server: Server;
  readonly #surroundings: Surroundings;
  readonly #recording: Recording;
  readonly #connections = new Map<string, MemoryTransport>();
  /** Whether something was sent whose effects may be on their way. */
  #isUnsettled = false;

  constructor(server: Server, surroundings: Surroundings, recording: Recording) {
    this.#server = server;
    this.#surroundings = surroundings;
    this.#recording = recording;
  }

  /** @returns false for what is no line of a transcript. */
  async play(line: string): Promise<boolean> {
    const [, name = "", verb = "", said = ""] = /^(\+|\d+) (opens|closes:|[<>]|\d+)(?: (.*))?$/.exec(line) ?? [];
    if (name === "+") await this.#surroundings.clock.advance(Number(verb));
    else if (verb === "opens") this.#open(name, said);
    else if (verb === ">") this.#send(name, said);
    else if (verb === "closes:") await this.#close(name, said);
    else if (verb === "<") await this.#settle();
    return verb !== "";
  }

  #open(name: string, said: string): void {
    const { activity } = this.#surroundings;
    const transport = new MemoryTransport(silent, activity);
    this.#connections.set(name, transport);
    const options = said === "" ? {} : (JSON.parse(said) as RequestOptions);
    this.#server.engine.accept(transport, toRequest(this.#server.path(), options));
  }

  #send(name: string, frame: string): void {
    this.#isUnsettled = true;
    this.#connections.get(name)?.receive(toFrame(this.#recording.ids.restore(frame)));
  }

  /** Other ends than by the client come by themselves. */
  async #close(name: string, reason: string): Promise<void> {
    await this.#settle();
    const loss = TRANSPORT_LOSSES.find((each) => each === reason);
    if (loss === undefined) return;
    this.#connections.get(name)?.lose(loss);
    this.#isUnsettled = true;
  }

  async #settle(): Promise<void> {
    if (!this.#isUnsettled) return;
    this.#isUnsettled = false;
    await this.#surroundings.activity.quiet();
  }
}

function toFrame(text: string): MessageData {
  return text.startsWith("b") ? Buffer.from(text.slice(1), "base64") : text;
}
