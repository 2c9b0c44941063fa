/** A part of a file, both ends included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

const SINGLE = /^bytes=(\d{0,15})-(\d{0,15})$/;

/**
 * Reads a header `Range` of one part; several parts, and what is no range, count as none.
 *
 * @param size - bytes of the whole.
 * @returns undefined for the whole; `"unsatisfiable"` for a part that lies outside of it.
 */
export function parseRange(header: string | undefined, size: number): ByteRange | "unsatisfiable" | undefined {
  const [, from = "", to = ""] = SINGLE.exec(header ?? "") ?? [];
  if (from === "") return to === "" ? undefined : within({ start: Math.max(size - Number(to), 0), end: size - 1 });
  const end = to === "" ? Infinity : Number(to);
  // Written the wrong way round it is no range.
  return Number(from) > end ? undefined : within({ start: Number(from), end: Math.min(end, size - 1) });
}

function within(range: ByteRange): ByteRange | "unsatisfiable" {
  return range.start > range.end ? "unsatisfiable" : range;
}
