import { isIP } from "node:net";
import type { EngineRequest } from "../request.js";

/** How many proxies in front of the server tell the truth in `X-Forwarded-For`: none, all, or that many. */
export type TrustProxy = boolean | number;

/**
 * Address of the client, as far as proxies are trusted; else that of the peer. Empty when a transport knows none.
 *
 * Each proxy appends who it got the request from, so the header is read from its end: what stands before the addresses
 * of trusted proxies was written by the client itself.
 */
export function clientAddress({ headers, socket }: EngineRequest, trustProxy: TrustProxy): string {
  const peer = socket.remoteAddress ?? "";
  const trusted = trustProxy === true ? Infinity : Number(trustProxy);
  const forwarded = headers["x-forwarded-for"];
  if (trusted === 0 || forwarded === undefined) return peer;
  const hops = String(forwarded).split(",").reverse();
  const address = (hops[Math.min(trusted, hops.length) - 1] ?? "").trim();
  return isIP(address) === 0 ? peer : address;
}

/**
 * What an address has in common with the others that its owner can take at will: an IPv4 address is alone, of IPv6 the
 * first half is given to a customer.
 */
export function networkOf(address: string): string {
  // IPv4, also as sockets that serve both write it: ::ffff:192.0.2.1
  if (!address.includes(":") || address.includes(".")) return address;
  const [head = [], tail = []] = address.split("::").map((half) => half.split(":").filter((group) => group !== ""));
  const zeros = Array<string>(Math.max(0, 8 - head.length - tail.length)).fill("0");
  return [...head, ...zeros, ...tail].slice(0, 4).join(":");
}
