/** A run that proved nothing: a reply was wrong or missing, a server did not start. Ends the whole run, loudly. */
export class BenchmarkError extends Error {
  override readonly name = "BenchmarkError";
}

/** The command line asks for something that does not exist. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** For `catch`, where anything may have been thrown. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new BenchmarkError(String(thrown));
}

/** Settles as `promise` does, or rejects with what `describe` says after `timeoutMs`. */
export async function within<T>(timeoutMs: number, describe: () => string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new BenchmarkError(describe()));
    }, timeoutMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
