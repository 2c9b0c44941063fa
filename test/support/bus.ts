import { ClusterAdapterWithHeartbeat, type ClusterMessage, type ClusterResponse, type Offset } from "socket.io-adapter";
import type { AdapterConstructor } from "rookery/core";

/** Makes one cluster of servers of this process: the messages of their adapters go from hand to hand. */
export class Bus {
  /** Messages of these types get lost. */
  readonly lost = new Set<number>();
  readonly #members = new Set<Member>();

  /** The adapter that makes a server a member. */
  get adapter(): AdapterConstructor {
    const join = (nsp: unknown): Member => {
      const member = new Member(nsp, this);
      this.#members.add(member);
      return member;
    };
    // Called with `new`: what a plain function returns is the object that it made.
    return function (nsp: unknown) {
      return join(nsp);
    };
  }

  publish(message: ClusterMessage): void {
    if (this.lost.has(message.type)) return;
    for (const member of this.#members) if (member.isOf(message.nsp)) member.onMessage(message);
  }

  respond(requester: string, response: ClusterResponse): void {
    for (const member of this.#members) if (member.isNode(requester)) member.onResponse(response);
  }

  remove(member: Member): void {
    this.#members.delete(member);
  }
}

class Member extends ClusterAdapterWithHeartbeat {
  readonly #bus: Bus;

  constructor(nsp: unknown, bus: Bus) {
    super(nsp, {});
    this.#bus = bus;
  }

  isOf(nsp: string): boolean {
    return (this.nsp as { name: string }).name === nsp;
  }

  isNode(uid: string): boolean {
    return this.uid === uid;
  }

  override close(): void {
    super.close();
    this.#bus.remove(this);
  }

  protected override async doPublish(message: ClusterMessage): Promise<Offset> {
    this.#bus.publish(structuredClone(message));
    return "";
  }

  protected override async doPublishResponse(requester: string, response: ClusterResponse): Promise<void> {
    this.#bus.respond(requester, structuredClone(response));
  }
}
