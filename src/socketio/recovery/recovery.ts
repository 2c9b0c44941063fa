import type { Adapter, Session } from "socket.io-adapter";
import { createId } from "../../common/index.js";
import { logLateFailure } from "../adapter/late-failure.js";
import { SessionMemoryAdapter } from "../adapter/session-memory-adapter.js";
import type { BroadcastFlags } from "../broadcast-operator.js";
import type { Namespace } from "../namespace.js";
import { PacketType, type Packet } from "../packet.js";
import type { Room } from "../room.js";
import type { EncodedPacket } from "./packet-log.js";
import { SocketSession } from "./socket-session.js";

/** State of a socket whose client has come back. */
export interface RestoredSession {
  readonly sid: string;
  readonly pid: string;
  readonly rooms: readonly Room[];
  readonly data: unknown;
  /** What the client gave for the last event that it had received. */
  readonly offset: string | undefined;
  /** What it has missed until now; undefined when that cannot be told any more. */
  readonly missed: () => readonly EncodedPacket[] | undefined;
  /** The socket was not let in: the client may try once more. */
  readonly giveBack: () => void;
}

/** What a client says about itself when it comes back. */
interface Claim {
  readonly pid: string;
  /** Undefined until the client has received an event. */
  readonly offset: string | undefined;
}

type OnFound = (session?: RestoredSession) => void;

/** Characters of what clients send back of pids and offsets; adapters make them shorter than this. */
const MAX_CLAIM_LENGTH = 256;
/** Longer than an adapter waits for its peers; a client must not wait for a database that is gone. */
const MAX_RESTORE_MS = 5_000;

/** Connection state recovery in one namespace: finds out which session a client comes back to, if any. */
export class Recovery {
  readonly #namespace: Namespace;
  /** Sessions that sockets are using, by pid. */
  readonly #held = new Map<string, SocketSession>();

  constructor(namespace: Namespace) {
    this.#namespace = namespace;
  }

  get skipsMiddlewares(): boolean {
    return this.#namespace.server.opts.connectionStateRecovery?.skipMiddlewares === true;
  }

  /** Whether clients may come back for what is emitted to the namespace now. */
  get awaitsClients(): boolean {
    return memoryOf(this.#namespace.adapter)?.awaitsClients === true;
  }

  /**
   * Begins the session of a socket to be.
   *
   * @param auth - what the client sent with CONNECT.
   * @param begun - gets a restored session or a new one, at once or when the adapter has answered.
   */
  begin(auth: Record<string, unknown>, begun: (session: SocketSession) => void): void {
    this.#restore(auth, (restored) => {
      // Whoever was quicker while the adapter was asked has the session.
      if (restored !== undefined && !this.#held.has(restored.pid)) {
        begun(new SocketSession(this, restored.pid, restored));
      } else {
        begun(new SocketSession(this, createId()));
      }
    });
  }

  /**
   * Emits to one socket, whether its client is here or away.
   *
   * @throws whatever the encoder throws for data that cannot be encoded; nothing is sent then.
   */
  send(socketId: string, packet: Packet, flags: BroadcastFlags): void {
    const { adapter, logger } = this.#namespace;
    const target = { rooms: new Set([socketId]), except: new Set<Room>(), flags };
    logLateFailure(() => adapter.broadcast(packet, target), logger);
  }

  hold(session: SocketSession): void {
    this.#held.set(session.pid, session);
  }

  release(session: SocketSession): void {
    if (this.#held.get(session.pid) === session) this.#held.delete(session.pid);
  }

  /** @returns what the socket that is let in has missed. */
  open(socketId: string, restored: RestoredSession | undefined): readonly EncodedPacket[] | undefined {
    if (restored !== undefined) return restored.missed();
    const memory = memoryOf(this.#namespace.adapter);
    return memory === undefined ? [] : memory.openSession(socketId);
  }

  /** A client is gone and may come back. */
  keep(session: Omit<Session, "missedPackets">): void {
    const { adapter, logger, name } = this.#namespace;
    try {
      logLateFailure(() => adapter.persistSession(session), logger);
    } catch (error) {
      logger.error("an adapter failed", { namespace: name, error });
    }
  }

  #restore(auth: Record<string, unknown>, found: OnFound): void {
    const claim = readClaim(auth);
    if (claim === undefined || !this.#freeSession(claim)) {
      found();
      return;
    }
    const { adapter } = this.#namespace;
    const memory = memoryOf(adapter);
    if (memory !== undefined) found(takeFrom(memory, claim));
    else if (claim.offset === undefined) found();
    else this.#askAdapter(adapter, { pid: claim.pid, offset: claim.offset }, found);
  }

  /**
   * Ends the socket that uses the session of the claim: its connection is broken, only the server does not know yet.
   *
   * @returns false for a claim that has been used before: its session is over for both.
   */
  #freeSession({ pid, offset }: Claim): boolean {
    const holder = this.#held.get(pid);
    if (holder === undefined) return true;
    const isReplayed = holder.restored !== undefined && holder.restored.offset === offset;
    if (isReplayed) holder.revoke();
    else holder.end();
    return !isReplayed;
  }

  #askAdapter(adapter: Adapter, claim: Required<Claim> & { readonly offset: string }, found: OnFound): void {
    const { deadlines, logger, name } = this.#namespace;
    let isAnswered = false;
    const answer: OnFound = (session) => {
      if (isAnswered) return;
      isAnswered = true;
      deadline.cancel();
      found(session);
    };
    const deadline = deadlines.add(MAX_RESTORE_MS, answer);
    this.#restoreFrom(adapter, claim)
      .then(answer, () => {
        // Adapters reject claims that they do not know.
        answer();
      })
      .catch((error: unknown) => {
        logger.error("a session could not be restored", { namespace: name, error });
      });
  }

  async #restoreFrom(
    adapter: Adapter,
    { pid, offset }: Claim & { offset: string },
  ): Promise<RestoredSession | undefined> {
    // Null for "no such session", whatever the contract says.
    const session = (await adapter.restoreSession(pid, offset)) as Session | null;
    if (session === null) return undefined;
    const { sid, rooms, data, missedPackets } = session;
    const { name: nsp, server } = this.#namespace;
    // Now: what cannot be encoded is not recoverable.
    const missed = missedPackets.map((packet) => server.encoder.encode({ type: PacketType.EVENT, nsp, data: packet }));
    const giveBack = (): void => {
      this.keep({ sid, pid, rooms, data });
    };
    return { sid, pid, rooms, data, offset, missed: () => missed, giveBack };
  }
}

function readClaim({ pid, offset }: Record<string, unknown>): Claim | undefined {
  if (!isClaimText(pid)) return undefined;
  return offset === undefined || isClaimText(offset) ? { pid, offset } : undefined;
}

function isClaimText(value: unknown): value is string {
  return typeof value === "string" && value.length <= MAX_CLAIM_LENGTH;
}

/** The adapter, if it is the one in memory, which can do more than the contract asks for. */
function memoryOf(adapter: object): SessionMemoryAdapter | undefined {
  return adapter instanceof SessionMemoryAdapter ? adapter : undefined;
}

function takeFrom(adapter: SessionMemoryAdapter, { pid, offset }: Claim): RestoredSession | undefined {
  const session = adapter.takeSession(pid, offset);
  if (session === undefined) return undefined;
  const { sid, rooms, data } = session;
  return {
    sid,
    pid,
    rooms,
    data,
    offset,
    missed: () => adapter.openSession(sid, session),
    giveBack: () => {
      adapter.returnSession(session);
    },
  };
}
