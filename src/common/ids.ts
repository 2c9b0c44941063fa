import { randomFillSync } from "node:crypto";

const RANDOM_BYTES = 11;
const IDS_PER_REFILL = 512;

const pool = Buffer.allocUnsafeSlow(RANDOM_BYTES * IDS_PER_REFILL);
const id = Buffer.allocUnsafeSlow(RANDOM_BYTES + 4);
let used = pool.length;
let sequence = 0;

/**
 * Makes an id that nobody can guess and that never repeats in this process.
 *
 * @returns 20 characters of base64url: 88 random bits and a 32-bit sequence number (the shape that adapters and sticky
 * load balancers recognise). Random bytes come from one pool: a call to the system for every 512 ids.
 */
export function createId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  pool.copy(id, 0, used, (used += RANDOM_BYTES));
  id.writeUInt32BE(sequence, RANDOM_BYTES);
  sequence = (sequence + 1) >>> 0;
  return id.toString("base64url");
}
