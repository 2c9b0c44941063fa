import {
  Adapter,
  ClusterAdapter,
  MessageType,
  type BroadcastOptions,
  type ClusterMessage,
  type ClusterResponse,
  type Offset,
} from "socket.io-adapter";
import { createId, toBuffer } from "../../common/index.js";
import type { AdapterConstructor } from "../options.js";

/** Called when a message sets out; what it returns is called when the message has arrived. */
export type OnDeparture = () => () => void;

/**
 * Joins servers of one process into a cluster, for tests: give each `adapter`. Messages go from hand to hand, as copies that
 * hold what JSON and bytes can say; no network, no heartbeats.
 */
export class MemoryCluster {
  readonly #onDeparture: OnDeparture;
  readonly #members = new Set<ClusterMember>();

  /** @param onDeparture - for whoever waits until nothing is on its way. */
  constructor(onDeparture: OnDeparture = () => () => undefined) {
    this.#onDeparture = onDeparture;
  }

  /** What makes a server a member. */
  get adapter(): AdapterConstructor {
    const join = (namespace: unknown): ClusterMember => {
      const member = new ClusterMember(namespace, this);
      this.#members.add(member);
      return member;
    };
    // Called with `new`: what a plain function returns is the object that it made.
    return function (namespace: unknown) {
      return join(namespace);
    };
  }

  /** @internal */
  membersOf(namespace: string): ClusterMember[] {
    return [...this.#members].filter((member) => member.namespaceName === namespace);
  }

  /** @internal */
  leave(member: ClusterMember): void {
    this.#members.delete(member);
  }

  /** Nothing arrives inside the call that sent it. @internal */
  async deliver(receivers: readonly ClusterMember[], arrive: (receiver: ClusterMember) => void): Promise<void> {
    const hasArrived = this.#onDeparture();
    await Promise.resolve();
    for (const receiver of receivers) if (this.#members.has(receiver)) arrive(receiver);
    hasArrived();
  }
}

/** Who waits for the acknowledgements of the clients of other servers. */
interface AckRequest {
  readonly onClientCount: (count: number) => void;
  readonly onAck: (...args: unknown[]) => void;
}

class ClusterMember extends ClusterAdapter {
  readonly #cluster: MemoryCluster;
  readonly #ackRequests = new Map<string, AckRequest>();

  constructor(namespace: unknown, cluster: MemoryCluster) {
    super(namespace);
    this.#cluster = cluster;
  }

  get namespaceName(): string {
    return (this.nsp as { readonly name: string }).name;
  }

  override serverCount(): Promise<number> {
    return Promise.resolve(this.#cluster.membersOf(this.namespaceName).length);
  }

  override close(): void {
    this.#cluster.leave(this);
    this.#ackRequests.clear();
  }

  /** As `ClusterAdapter` does it, but without a timer that keeps the process for as long as the broadcast may take. */
  override broadcastWithAck(
    packet: unknown,
    options: BroadcastOptions,
    ...[onClientCount, onAck]: [AckRequest["onClientCount"], AckRequest["onAck"]]
  ): void {
    const { rooms, except = new Set(), flags = {} } = options;
    if (flags.local !== true) {
      const requestId = createId();
      this.#ackRequests.set(requestId, { onClientCount, onAck });
      const opts = { rooms: [...rooms], except: [...except], flags };
      this.publish({ type: MessageType.BROADCAST, data: { packet, requestId, opts } });
    }
    Adapter.prototype.broadcastWithAck.call(this, packet, options, onClientCount, onAck);
  }

  override onResponse(response: ClusterResponse): void {
    const request = this.#ackRequests.get(response.data.requestId);
    if (response.type === MessageType.BROADCAST_CLIENT_COUNT) request?.onClientCount(response.data.clientCount);
    else if (response.type === MessageType.BROADCAST_ACK) request?.onAck(response.data.packet);
    else super.onResponse(response);
  }

  protected override async doPublish(message: ClusterMessage): Promise<Offset> {
    const others = this.#cluster.membersOf(message.nsp).filter((member) => member !== this);
    const copies = new Map(others.map((member) => [member, copyOf(message) as ClusterMessage]));
    await this.#cluster.deliver(others, (member) => {
      member.onMessage(copies.get(member) ?? message);
    });
    return "";
  }

  protected override async doPublishResponse(requester: string, response: ClusterResponse): Promise<void> {
    const receivers = this.#cluster.membersOf(response.nsp).filter(({ uid }) => uid === requester);
    const copy = copyOf(response) as ClusterResponse;
    await this.#cluster.deliver(receivers, (member) => {
      member.onResponse(copy);
    });
  }
}

/** What is left of a value behind a network: as of JSON, and bytes as they are. */
function copyOf(value: unknown): unknown {
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return Buffer.from(toBuffer(value));
  if (typeof value !== "object" || value === null) return value;
  const { toJSON } = value as { readonly toJSON?: unknown };
  if (typeof toJSON === "function") return copyOf(toJSON.call(value));
  if (Array.isArray(value)) return value.map(copyOf);
  const entries = Object.entries(value).filter(([, entry]) => typeof entry !== "function");
  return Object.fromEntries(entries.map(([key, entry]) => [key, copyOf(entry)]));
}
