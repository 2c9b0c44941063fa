import type { AckFormat } from "../framework/index.js";
import { AckError, errorReplyOf, type ErrorReply } from "./ack-error.js";

/** The arguments of an acknowledgement, and the event that it is for. */
export interface Reply {
  readonly event: string;
  readonly args: readonly unknown[];
  readonly format: AckFormat;
}

/**
 * What an acknowledgement comes to. Methods that answer by a callback write what they like, whatever the format: what has not
 * its shape is a value. An error's cause is what `causeOf` finds.
 *
 * @throws AckError
 */
export function readReply({ event, args, format }: Reply, causeOf: (error: ErrorReply) => unknown): unknown {
  const error = ERRORS[format](args);
  if (error !== undefined) throw new AckError(event, error, causeOf(error));
  return VALUES[format](args);
}

const ERRORS: Readonly<Record<AckFormat, (args: readonly unknown[]) => ErrorReply | undefined>> = {
  value: ([first]) => errorReplyOf(first),
  envelope: ([first]) => (isEnvelope(first) && !first.ok ? errorReplyOf(first) : undefined),
  node: ([first]) => errorReplyOf({ error: first }),
};

const VALUES: Readonly<Record<AckFormat, (args: readonly unknown[]) => unknown>> = {
  value: ([first]) => first,
  envelope: ([first]) => (isEnvelope(first) && first.ok ? first.data : first),
  node: ([first, second]) => (first === null ? second : first),
};

function isEnvelope(value: unknown): value is { readonly ok: boolean; readonly data?: unknown } {
  return typeof (value as { ok?: unknown } | null | undefined)?.ok === "boolean";
}
