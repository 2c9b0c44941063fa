import { GatewayError } from "./errors.js";
import type { ApplicationOptions } from "./options.js";

/** No page can come from them: a pattern that matches both matches everything. */
const IMPOSSIBLE_ORIGINS = ["https://rookery.invalid", "http://0.invalid:1"];

/** @throws GatewayError `GATEWAY_BAD_CORS` when pages of every origin could act as their users. */
export function checkCors({ cors, allowAnyOriginWithCredentials = false }: ApplicationOptions): void {
  if (allowAnyOriginWithCredentials || typeof cors !== "object" || cors.credentials !== true) return;
  if (allowsAny(cors.origin)) throw new GatewayError("GATEWAY_BAD_CORS");
}

/** The answer repeats the origin that asks; with `"*"` browsers send no credentials. */
function allowsAny(origin: unknown): boolean {
  if (Array.isArray(origin)) return origin.some(allowsAny);
  return origin === true || (origin instanceof RegExp && IMPOSSIBLE_ORIGINS.every((each) => matches(origin, each)));
}

function matches(pattern: RegExp, origin: string): boolean {
  return new RegExp(pattern.source, pattern.flags).test(origin);
}
