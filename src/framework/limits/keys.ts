import { createHash } from "node:crypto";
import { isIPv6 } from "node:net";
import type { Socket } from "../../core.js";
import type { RateLimitContract } from "../gateway/contract.js";
import type { Call } from "../pipeline/call.js";

const MAX_KEY_LENGTH = 128;

/** Finds whose budget a call takes from; `undefined` when it takes from none. */
export function keyFinder(by: RateLimitContract["by"]): (call: Call) => string | undefined {
  switch (by) {
    case "socket":
      return ({ socket }) => socket.id;
    case "user":
      return ({ socket }) => {
        const user = userOf(socket);
        return user === undefined ? `ip ${addressOf(socket)}` : `user ${bounded(user)}`;
      };
    case "ip":
      return ({ socket }) => addressOf(socket);
    default: {
      const find = by.value;
      return (call) => {
        const key = find(call);
        return key === undefined || key === null ? undefined : bounded(String(key));
      };
    }
  }
}

/** Who uses the socket: `socket.data.user` when it is an id, or else the `id` of it; `undefined` while nobody is known. */
export function userOf({ data }: Socket): string | undefined {
  const user = (data as { readonly user?: unknown }).user;
  return toId(user) ?? toId((user as { readonly id?: unknown } | null | undefined)?.id);
}

function toId(value: unknown): string | undefined {
  const isId = (typeof value === "string" && value !== "") || typeof value === "number" || typeof value === "bigint";
  return isId ? String(value) : undefined;
}

/** A client of IPv6 has a whole network of addresses: they count as one. */
function addressOf({ handshake }: Socket): string {
  const { address } = handshake;
  return isIPv6(address) ? networkOf(address) : address;
}

/** The first 64 bits, of `::ffff:192.0.2.1` the address within. */
function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const [head = "", tail] = (address.split("%", 1)[0] ?? "").split("::");
  const first = head === "" ? [] : head.split(":");
  const last = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => "0");
  const groups = [...first, ...(tail === undefined ? [] : zeros), ...last].slice(0, 4);
  return `${groups.map((group) => parseInt(group, 16).toString(16)).join(":")}::/64`;
}

/** A key may come from a client: however long, it takes little memory. */
function bounded(key: string): string {
  return key.length <= MAX_KEY_LENGTH ? key : createHash("sha256").update(key).digest("base64url");
}
