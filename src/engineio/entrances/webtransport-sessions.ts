import { createPacketDecoderStream } from "engine.io-parser";
import type { ReadableWritablePair } from "node:stream/web";
import { admitNew } from "../admission.js";
import type { MessageData, Packet } from "../packet.js";
import type { EngineRequest } from "../request.js";
import type { EngineSocket } from "../socket.js";
import { closeNow, WebTransportTransport, type PacketReader } from "../transports/webtransport.js";
import type { WebTransportSession, WebTransportStream } from "../transports/webtransport-session.js";
import { UpgradeAttempt } from "../upgrade.js";
import type { EntranceHost } from "./host.js";

/** A session's stream, and what the client said first on it. */
interface Opening {
  readonly stream: WebTransportStream;
  readonly reader: PacketReader;
  /** Names the session that is to be upgraded; undefined to open one. */
  readonly data: MessageData | undefined;
}

/**
 * Where WebTransport sessions come in.
 *
 * The first packet decides: `0` opens a session, `0{"sid":"…"}` upgrades one. All else, and whoever takes longer than
 * `upgradeTimeout`, is closed.
 */
export class WebTransportEntrance {
  readonly #host: EntranceHost;

  constructor(host: EntranceHost) {
    this.#host = host;
  }

  async handle(session: WebTransportSession): Promise<void> {
    // Middlewares expect an HTTP request, and would be bypassed.
    const { isClosed, hasOwnMiddlewares, options, deadlines } = this.#host;
    if (isClosed || hasOwnMiddlewares || !options.transports.includes("webtransport")) {
      closeNow(session);
      return;
    }
    const patience = new AbortController();
    const giveUp = (): void => {
      patience.abort();
      closeNow(session);
    };
    const deadline = deadlines.add(options.upgradeTimeout, giveUp);
    session.closed.then(giveUp, giveUp);
    const opening = await readOpening(session, options.maxHttpBufferSize).catch(() => undefined);
    deadline.cancel();
    if (opening === undefined) closeNow(session);
    else if (!patience.signal.aborted) this.#enter(session, opening);
  }

  #enter(session: WebTransportSession, opening: Opening): void {
    if (opening.data === undefined) {
      this.#open(session, opening);
      return;
    }
    const target = this.#host.sessions.get(readSessionId(opening.data) ?? "");
    if (target === undefined || !this.#mayUpgrade(target)) closeNow(session);
    else this.#upgrade(target, this.#createTransport(session, opening));
  }

  #open(session: WebTransportSession, opening: Opening): void {
    const request = createRequest();
    admitNew(request, this.#host, (admission) => {
      if ("id" in admission) this.#host.open(admission.id, this.#createTransport(session, opening), request);
      else closeNow(session);
    });
  }

  #mayUpgrade(target: EngineSocket): boolean {
    const { options, binding } = this.#host;
    const { attempt, upgraded, transport } = target;
    // There is no request that could show whom the session is bound to.
    if (!options.allowUpgrades || binding?.isBound(target) === true) return false;
    return attempt === undefined && !upgraded && transport.name !== "webtransport";
  }

  #upgrade(target: EngineSocket, transport: WebTransportTransport): void {
    if (target.protocol !== transport.protocol) transport.terminate();
    else new UpgradeAttempt(target, transport, this.#host.deadlines, this.#host.options.upgradeTimeout);
  }

  #createTransport(session: WebTransportSession, { stream, reader }: Opening): WebTransportTransport {
    const after = this.#host.deadlines.add.bind(this.#host.deadlines);
    return new WebTransportTransport({ session, reader, writer: stream.writable.getWriter(), after });
  }
}

/** @returns undefined when the session does not begin as one of Engine.IO. */
async function readOpening(session: WebTransportSession, maxBytes: number): Promise<Opening | undefined> {
  const { value: stream } = await session.incomingBidirectionalStreams.getReader().read();
  if (stream === undefined) return undefined;
  const decoder = createPacketDecoderStream(maxBytes, "nodebuffer") as ReadableWritablePair<Packet, Uint8Array>;
  const reader = stream.readable.pipeThrough(decoder).getReader();
  const { value: packet } = await reader.read();
  return packet?.type === "open" ? { stream, reader, data: packet.data } : undefined;
}

function readSessionId(data: MessageData): string | undefined {
  try {
    const { sid } = JSON.parse(data.toString()) as { sid?: unknown };
    return typeof sid === "string" ? sid : undefined;
  } catch {
    return undefined;
  }
}

/** As much of a request as a session without one can offer. */
function createRequest(): EngineRequest {
  return { method: "CONNECT", url: "", headers: {}, socket: {}, _query: { EIO: "4", transport: "webtransport" } };
}
