import { PacketType, type DefaultEventsMap, type EventsMap, type Socket } from "../core.js";
import type { ClientAuth } from "./client-types.js";
import { withoutAck, type Emitted, type RecordedEmit } from "./emits.js";
import { toRequest, type RequestOptions } from "./link.js";
import { MockPeer, type Answerer } from "./mock-peer.js";
import { mockServer, type MockServer } from "./mock-server.js";
import { toNamespaceName } from "./namespace-name.js";

/** What a mock socket is, beside a socket. */
export interface MockSocketOptions<SocketData> extends RequestOptions {
  /** Default: "/". */
  readonly namespace?: string;
  readonly auth?: ClientAuth;
  /** What the application keeps for the socket, as guards and connect hooks would have put it there. */
  readonly data?: Partial<SocketData>;
  /** Rooms that it is in beside that of its id. */
  readonly rooms?: readonly string[];
  /** Where it is; sockets of one server see each other's broadcasts. Default: a server of its own. */
  readonly server?: MockServer;
}

/** What a mock socket has written down. */
export interface MockedSocket {
  /** What was emitted to its client alone: `[event, ...args]`, the very values. */
  readonly emitted: readonly Emitted[];
  /** What it broadcast to a room; without a room: to everyone else. */
  emittedTo(room?: string): Emitted[];
  /** All that its client has received, broadcasts of others too, as it comes out of the frames. */
  readonly received: readonly Emitted[];
  /** Answers what the server wants acknowledged under this name. Without an answer the client stays silent. */
  answer(event: string, answer: Answerer): this;
}

/** A socket without a client; it can be given to whatever takes a `Socket`. */
export type MockSocket<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- socket.io's default: untyped until declared
  SocketData = any,
> = Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData> & MockedSocket;

/**
 * A connected socket for tests of single classes. It is a real one, in a {@link MockServer}, with nobody at its other end:
 * rooms, broadcasts, `disconnect()` and the types are those of every socket, and what it emits is written down.
 */
export function mockSocket<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- socket.io's default: untyped until declared
  SocketData = any,
>(options: MockSocketOptions<SocketData> = {}): MockSocket<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
  const { server = mockServer(), namespace = "/", auth, data, rooms = [], ...request } = options;
  const peer = new MockPeer(server.parser);
  const nsp = server.of(toNamespaceName(namespace));
  server.engine.accept(peer, toRequest(server.path(), request));
  peer.say({ type: PacketType.CONNECT, nsp: nsp.name, data: auth });
  const socket = [...nsp.sockets.values()].at(-1) as Socket;
  if (data !== undefined) socket.data = data;
  void socket.join([...rooms]);
  recordEmits(socket, server);
  Object.defineProperties(socket, describeRecords(socket, { server, peer }));
  return socket as unknown as MockSocket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
}

/** Both ways to emit to one socket end in these two methods; broadcasts go by the adapter. */
function recordEmits(socket: Socket, { record }: MockServer): void {
  const { id } = socket;
  const { name: namespace } = socket.nsp;
  const note = (event: string, args: readonly unknown[]): void => {
    record.add({ namespace, event, args: withoutAck(args), rooms: [id], except: [] });
  };
  const sendWith = socket.sendWith.bind(socket);
  const askWith = socket.askWith.bind(socket);
  socket.sendWith = (flags, event, args) => {
    note(event, args);
    return sendWith(flags, event, args);
  };
  socket.askWith = (modifiers, event, args) => {
    note(event, args);
    return askWith(modifiers, event, args);
  };
}

function describeRecords(
  socket: Socket,
  { server: { record }, peer }: { readonly server: MockServer; readonly peer: MockPeer },
): PropertyDescriptorMap & Record<keyof MockedSocket, PropertyDescriptor> {
  const { id } = socket;
  const isOwn = ({ rooms }: RecordedEmit): boolean => rooms.length === 1 && rooms[0] === id;
  const emittedTo = (room?: string): Emitted[] =>
    record.events(({ rooms, except }) => {
      return except.includes(id) && (room === undefined ? rooms.length === 0 : rooms.includes(room));
    });
  const answer = (event: string, answerer: Answerer): Socket => {
    peer.answers.set(event, answerer);
    return socket;
  };
  return {
    emitted: { get: () => record.events(isOwn) },
    emittedTo: { value: emittedTo },
    received: { value: peer.received },
    answer: { value: answer },
  };
}
