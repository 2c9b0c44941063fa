import { RateLimit } from "../common/index.js";
import { EngineError } from "./errors.js";
import { clientAddress, networkOf } from "./http/client-address.js";
import type { Refusal } from "./http/refusal.js";
import type { ResolvedEngineOptions } from "./options.js";
import type { EngineRequest } from "./request.js";

/** How long refused clients are asked to stay away. */
const RETRY_AFTER_SECONDS = { maxConnections: 10, maxConnectionsPerAddress: 10, maxHandshakesPerSecond: 1 } as const;

type LimitName = keyof typeof RETRY_AFTER_SECONDS;

/** A session as far as it is counted. */
interface Counted {
  readonly remoteAddress: string;
}

/** How many sessions there may be, in all and of one address, and how fast they may come. */
export class ConnectionLimits {
  readonly #options: ResolvedEngineOptions;
  readonly #sessions: { readonly size: number };
  readonly #handshakes: RateLimit;
  readonly #guesses: RateLimit;
  /** Open sessions by address; undefined where the limit in all is met first. */
  readonly #byAddress: Map<string, number> | undefined;

  constructor(options: ResolvedEngineOptions, sessions: { readonly size: number }) {
    const { maxConnections, maxConnectionsPerAddress, maxHandshakesPerSecond, clock } = options;
    this.#options = options;
    this.#sessions = sessions;
    this.#handshakes = new RateLimit(maxHandshakesPerSecond, clock);
    this.#guesses = new RateLimit(maxHandshakesPerSecond, clock);
    this.#byAddress = maxConnectionsPerAddress < maxConnections ? new Map() : undefined;
  }

  /** Addresses that are kept. */
  get addressCount(): number {
    return this.#byAddress?.size ?? 0;
  }

  /** A handshake has come. @returns why it is refused, before the application is asked. */
  refuseHandshake(request: EngineRequest): Refusal | undefined {
    return refusalBy(this.#exceededByHandshake(request));
  }

  /** The same for a connection that nobody can answer. @throws EngineError `ENGINE_LIMIT` */
  checkHandshake(request: EngineRequest): void {
    const option = this.#exceededByHandshake(request);
    if (option !== undefined)
      throw new EngineError("ENGINE_LIMIT", { values: { option, limit: this.#options[option] } });
  }

  /** A session is about to open. @returns why it may not. */
  refuseSession(request: EngineRequest): Refusal | undefined {
    return refusalBy(this.#exceededBySession(request));
  }

  /** A request has named a session that is not there. @returns why it is not even told so. */
  refuseGuess(): Refusal | undefined {
    return this.#guesses.allows() ? undefined : refusalBy("maxHandshakesPerSecond");
  }

  onOpen(session: Counted): void {
    this.#count(session, 1);
  }

  onEnd(session: Counted): void {
    this.#count(session, -1);
  }

  #exceededByHandshake(request: EngineRequest): LimitName | undefined {
    return this.#handshakes.allows() ? this.#exceededBySession(request) : "maxHandshakesPerSecond";
  }

  #exceededBySession(request: EngineRequest): LimitName | undefined {
    const { maxConnections, maxConnectionsPerAddress, trustProxy } = this.#options;
    if (this.#sessions.size >= maxConnections) return "maxConnections";
    if (this.#byAddress === undefined) return undefined;
    const open = this.#byAddress.get(networkOf(clientAddress(request, trustProxy))) ?? 0;
    return open >= maxConnectionsPerAddress ? "maxConnectionsPerAddress" : undefined;
  }

  #count({ remoteAddress }: Counted, change: 1 | -1): void {
    if (this.#byAddress === undefined) return;
    const network = networkOf(remoteAddress);
    const count = (this.#byAddress.get(network) ?? 0) + change;
    if (count > 0) this.#byAddress.set(network, count);
    else this.#byAddress.delete(network);
  }
}

function refusalBy(option: LimitName | undefined): Refusal | undefined {
  if (option === undefined) return undefined;
  const context = { name: "LIMIT_REACHED", option };
  return { kind: "BAD_REQUEST", status: 503, retryAfterSeconds: RETRY_AFTER_SECONDS[option], context };
}
