import { Server, silentLogger, systemClock, type Clock, type DefaultEventsMap, type EventsMap } from "../core.js";
import { EmitRecord, type Emitted, type RecordedEmit } from "./emits.js";

/** Time as usual, but for a test that ends while a timer is pending. */
const quietClock: Clock = {
  ...systemClock,
  setTimeout: (callback, delayMs) => {
    const timer = systemClock.setTimeout(callback, delayMs);
    systemClock.unref?.(timer);
    return timer;
  },
};

/** Nobody answers the heartbeats of a mock: the longest that a timer can wait. */
const NEVER_MS = 2 ** 31 - 1;

/** What adapters are told of a broadcast. */
interface Broadcast {
  readonly packet: { readonly data?: unknown };
  readonly options: { readonly rooms?: ReadonlySet<string>; readonly except?: ReadonlySet<string> };
}

type BroadcastMethod = (packet: Broadcast["packet"], options: Broadcast["options"], ...more: unknown[]) => unknown;

/**
 * A Socket.IO server that serves nobody and writes down what is emitted by it, its namespaces and its mock sockets.
 * Rooms, operators and acknowledgements are those of every server.
 */
export class MockServer<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- socket.io's default: untyped until declared
  SocketData = any,
> extends Server<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
  /** @internal */
  readonly record = new EmitRecord();

  /** @internal */
  constructor() {
    super({ logger: silentLogger, clock: quietClock, pingInterval: NEVER_MS, connectTimeout: NEVER_MS });
    this.#watch("/");
    // The compiler cannot say what listens to a server whose events are not known yet.
    (this as unknown as Server).on("new_namespace", ({ name }) => {
      this.#watch(name);
    });
  }

  /** Everything that was emitted, in order; to single sockets too, whose ids are the rooms then. */
  get emitted(): readonly RecordedEmit[] {
    return this.record.all;
  }

  /** What was emitted to a room; of a socket by its id. Without a room: to everyone. */
  emittedTo(room?: string): Emitted[] {
    return this.record.events(({ rooms }) => (room === undefined ? rooms.length === 0 : rooms.includes(room)));
  }

  /** All broadcasts of a namespace come by its adapter. */
  #watch(namespace: string): void {
    const adapter = this.of(namespace).adapter as unknown as Record<"broadcast" | "broadcastWithAck", BroadcastMethod>;
    for (const name of ["broadcast", "broadcastWithAck"] as const) {
      const broadcast = adapter[name].bind(adapter);
      adapter[name] = (packet, options, ...more) => {
        const [event, ...args] = packet.data as [string, ...unknown[]];
        const { rooms = [], except = [] } = options;
        this.record.add({ namespace, event, args, rooms: [...rooms], except: [...except] });
        return broadcast(packet, options, ...more);
      };
    }
  }
}

/** A server for tests of single classes: typed as the real one, it is given to whoever wants a `Server`. */
export function mockServer<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- socket.io's default: untyped until declared
  SocketData = any,
>(): MockServer<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
  return new MockServer();
}
