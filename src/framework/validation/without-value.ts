const REMOVED = "…";
/** Shorter texts than this are part of ordinary words. */
const MIN_BARE_LENGTH = 4;

/**
 * Takes the offending value out of what a schema says of it: `must be a number (was "secret")`. What a client sent is
 * no business of logs and filters.
 */
export function withoutValue(message: string, value: unknown): string {
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") return message;
  const text = String(value);
  const quoted = [JSON.stringify(text), `'${text}'`, `\`${text}\``];
  let clean = message;
  if (typeof value === "string") {
    for (const form of quoted) clean = clean.replaceAll(form, REMOVED);
    return text.length < MIN_BARE_LENGTH ? clean : clean.replaceAll(text, REMOVED);
  }
  // A number may be a limit too: only where a value is told of.
  return clean.replaceAll(`was ${text}`, `was ${REMOVED}`).replaceAll(`received ${text}`, `received ${REMOVED}`);
}
