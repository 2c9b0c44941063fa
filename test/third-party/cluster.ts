import assert from "node:assert/strict";
import { join } from "node:path";
import { io as connect, type Socket as ClientSocket } from "socket.io-client";
import { peerName, type Server } from "../support/peer.js";
import { RemoteProcess } from "../support/remote-process.js";
import type { RemoteTask } from "../support/remote-tasks.js";
import { nextEvent, within } from "../support/waiting.js";
import type { MemberSettings } from "./servers/member.js";
import type { Visit } from "./servers/welcome.js";

/** One server of a cluster, in a process of its own. */
export interface Member {
  readonly url: string;
  /** Runs a function there, with its Socket.IO server. */
  run<Args extends unknown[], Result>(task: RemoteTask<Server, Args, Result>, ...args: Args): Promise<Awaited<Result>>;
  /** Ends its process at once. */
  stop(): Promise<void>;
}

/** Two servers behind one adapter. */
export interface Cluster {
  readonly first: Member;
  readonly second: Member;
  /** Ends all processes. */
  stop(): Promise<void>;
}

/** A cluster for the tests of the surrounding `describe`, which know one another's servers when the tests begin. */
export function useCluster(open: () => Promise<Cluster>): Cluster {
  let cluster: Cluster | undefined;
  const opened = (): Cluster => {
    assert(cluster !== undefined, "the cluster is open while tests run");
    return cluster;
  };
  beforeAll(async () => {
    cluster = await open();
    await joined(cluster);
  }, 60_000);
  afterAll(async () => {
    await cluster?.stop();
  });
  return {
    get first() {
      return opened().first;
    },
    get second() {
      return opened().second;
    },
    stop: () => opened().stop(),
  };
}

/** Waits until both servers know that there are two. */
export async function joined({ first, second }: Cluster): Promise<void> {
  const countTo2 = async (io: Server): Promise<void> => {
    while ((await io.of("/").adapter.serverCount()) < 2) await new Promise(setImmediate);
  };
  await within(Promise.all([first.run(countTo2), second.run(countTo2)]), "two servers that know of each other");
}

/** Servers in processes of their own: both the peer under test, or `peers`. */
export async function startMembers(
  settings: MemberSettings,
  peers: readonly [string, string] = [peerName, peerName],
): Promise<Cluster> {
  const [first, second] = await Promise.all([startMember(settings, peers[0]), startMember(settings, peers[1])]);
  return {
    first,
    second,
    async stop() {
      await Promise.all([first.stop(), second.stop()]);
    },
  };
}

async function startMember(settings: MemberSettings, peer: string): Promise<Member> {
  const module = join(__dirname, "servers/member.ts");
  const server = await RemoteProcess.start<Server, { port: number }>(module, settings, { INTEROP_PEER: peer });
  return Object.assign(server, { url: `http://127.0.0.1:${server.details.port}` });
}

/** A way to connect clients in the tests of the surrounding `describe`; they leave after each test. */
export function useVisitors(): (
  member: Member,
  visit: Partial<Visit> & { namespace?: string },
) => Promise<ClientSocket> {
  const clients: ClientSocket[] = [];
  afterEach(() => {
    for (const client of clients.splice(0)) client.disconnect();
  });
  return async ({ url }, { name = "", rooms = [], namespace = "/" }) => {
    const client = connect(url + namespace, {
      auth: { name, rooms } satisfies Visit,
      forceNew: true,
      reconnection: false,
      transports: ["websocket"],
    });
    clients.push(client);
    await nextEvent(client, "connect");
    return client;
  };
}
