import { brotliCompress, constants, deflate, gzip, type ZlibOptions } from "node:zlib";

/** Encodings of a response's body, by their names in HTTP. */
export type ContentEncoding = "br" | "gzip" | "deflate";

/** How responses to polls are compressed: zlib's options, and when. */
export interface HttpCompression extends ZlibOptions {
  /** Bytes from which on it is worth it. @default 1_024 */
  threshold?: number;
}

const DEFAULT_THRESHOLD_BYTES = 1_024;

/** Compression that is switched on. */
export type ResolvedCompression = ZlibOptions & { readonly threshold: number };

/** Fills in the defaults; also those of WebSocket's compression, which are the same. */
export function resolveCompression(setting: boolean | object): ResolvedCompression | false {
  if (!setting) return false;
  return { threshold: DEFAULT_THRESHOLD_BYTES, ...(setting === true ? {} : setting) };
}

/**
 * The encoding that a client takes and likes best; of equals, the one offered first.
 *
 * @param accepted - header Accept-Encoding; without it a client gets its bytes as they are.
 */
export function chooseEncoding(
  accepted: string | undefined,
  offered: readonly ContentEncoding[],
): ContentEncoding | undefined {
  if (accepted === undefined) return undefined;
  const weights = new Map(accepted.toLowerCase().split(",").map(readWeight));
  let best: ContentEncoding | undefined;
  let bestWeight = 0;
  for (const encoding of offered) {
    const weight = weights.get(encoding) ?? weights.get("*") ?? 0;
    if (weight <= bestWeight) continue;
    best = encoding;
    bestWeight = weight;
  }
  return best;
}

/** `gzip;q=0.5` is gzip at 0.5; without a weight it is 1, with one that is no number 0. */
function readWeight(part: string): [name: string, weight: number] {
  const [name = "", ...parameters] = part.split(";");
  const weight = parameters.map((parameter) => parameter.trim()).find((parameter) => parameter.startsWith("q="));
  return [name.trim(), weight === undefined ? 1 : Number(weight.slice(2)) || 0];
}

type Compressed = (error: Error | null, encoded: Buffer) => void;

/** Fast enough to do while a client waits; the default would take seconds for a source map. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

const COMPRESSORS: Record<ContentEncoding, (body: Buffer, options: ZlibOptions, done: Compressed) => void> = {
  br: (body, _options, done) => {
    brotliCompress(body, BROTLI, done);
  },
  gzip,
  deflate,
};

/**
 * Compresses a whole body, off the event loop.
 *
 * @param options - of gzip and deflate.
 */
export function compress(body: Buffer, encoding: ContentEncoding, options: ZlibOptions, done: Compressed): void {
  COMPRESSORS[encoding](body, options, done);
}
