import { MemoryCluster, type Server } from "../core.js";
import type { Activity } from "./activity.js";

/** `Size` values of a type, as far as the number is known. */
export type Tuple<T, Size extends number, Found extends readonly T[] = []> = number extends Size
  ? T[]
  : Found["length"] extends Size
    ? Found
    : Tuple<T, Size, [...Found, T]>;

/** Joins servers that have no clients yet; what one tells the others counts as under way. */
export function joinServers(servers: readonly Server[], activity: Activity): void {
  const cluster = new MemoryCluster(() => activity.begin());
  for (const server of servers) server.adapter(cluster.adapter);
}
