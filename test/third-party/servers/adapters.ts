import { createAdapter as createRedisAdapter, createShardedAdapter } from "@socket.io/redis-adapter";
import { createAdapter as createStreamsAdapter } from "@socket.io/redis-streams-adapter";
import { createAdapter as createPostgresAdapter } from "@socket.io/postgres-adapter";
import { Redis } from "ioredis";
import { Pool } from "pg";
import { createClient } from "redis";
import type { AdapterConstructor } from "rookery/core";

/** Adapters as their documentation sets them up, each with its client; the address is that of the service. */
const ADAPTERS = {
  "@socket.io/redis-adapter with redis": async (address: string) =>
    createRedisAdapter(await openRedis(address), await openRedis(address)),
  "@socket.io/redis-adapter with ioredis": (address: string) =>
    createRedisAdapter(openIoredis(address), openIoredis(address)),
  "@socket.io/redis-adapter, sharded, with redis": async (address: string) =>
    createShardedAdapter(await openRedis(address), await openRedis(address)),
  "@socket.io/redis-adapter, sharded, with ioredis": (address: string) =>
    createShardedAdapter(openIoredis(address), openIoredis(address)),
  "@socket.io/redis-streams-adapter with redis": async (address: string) =>
    createStreamsAdapter(await openRedis(address)),
  "@socket.io/redis-streams-adapter with ioredis": (address: string) => createStreamsAdapter(openIoredis(address)),
  "@socket.io/postgres-adapter": (host: string) =>
    createPostgresAdapter(new Pool({ host, user: "postgres" }), { heartbeatInterval: 200 }),
} as const satisfies Record<string, (address: string) => unknown>;

export type AdapterName = keyof typeof ADAPTERS;

export async function createAdapter(name: AdapterName, address: string): Promise<AdapterConstructor> {
  return ADAPTERS[name](address);
}

async function openRedis(path: string): Promise<unknown> {
  const client = createClient({ socket: { path, tls: false } });
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

function openIoredis(path: string): Redis {
  return new Redis(path).on("error", () => undefined);
}
