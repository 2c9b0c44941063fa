import type { IncomingMessage } from "node:http";

/**
 * Reads a request's body, never holding more than `maxBytes`.
 *
 * @returns the bytes; `"too large"` as soon as that is known (the rest is not read); `"aborted"` when the client left.
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | "too large" | "aborted"> {
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) return "too large";
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (result: Buffer | "too large" | "aborted"): void => {
      request.off("data", onData).off("end", onEnd).off("close", onClose);
      resolve(result);
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > maxBytes) settle("too large");
      else chunks.push(chunk);
    };
    const onEnd = (): void => {
      settle(Buffer.concat(chunks, size));
    };
    const onClose = (): void => {
      settle("aborted");
    };
    request.on("data", onData).on("end", onEnd).on("close", onClose);
  });
}
