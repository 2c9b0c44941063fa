import { constants } from "node:os";
import { CliError, type CliErrorCode } from "./errors.js";
import type { Output } from "./output.js";

const USAGE_CODES: readonly CliErrorCode[] = ["CLI_USAGE", "CLI_NEEDS_ANSWER", "CLI_NEEDS_PROJECT"];

/** Writes what went wrong, why, and what to do about it. */
export function renderFailure(error: unknown, output: Output): void {
  const failure = CliError.is(error) ? error : toUnexpected(error);
  const { red, bold, dim } = output.errorColors;
  output.errorLine(`${bold(red("error:"))} ${failure.message} ${dim(`(${failure.code})`)}`);
  for (const cause of causesOf(failure)) output.errorLine(`  cause: ${cause}`);
  output.errorLine(`  mend: ${failure.mend}`);
}

/** The exit code of a command that ended by this error. */
export function exitCodeOf(error: unknown): number {
  if (!CliError.is(error)) return 1;
  if (error.code === "CLI_INTERRUPTED") return 128 + constants.signals[error.values.signal as NodeJS.Signals];
  return USAGE_CODES.includes(error.code) ? 2 : 1;
}

/** The stack goes along as the cause: nobody but us can do anything about such an error. */
function toUnexpected(error: unknown): CliError {
  const detail = isError(error) ? error.message : String(error);
  return new CliError("CLI_UNEXPECTED", { values: { detail }, cause: error });
}

function causesOf({ code, cause }: CliError): string[] {
  if (code === "CLI_UNEXPECTED") return [isError(cause) ? (cause.stack ?? cause.message) : String(cause)];
  const causes: string[] = [];
  for (let each = cause; isError(each); each = each.cause) causes.push(each.message);
  return causes;
}

/** Not `instanceof`: the file system's errors belong to another realm than jest's. */
function isError(value: unknown): value is Error {
  return typeof value === "object" && value !== null && "message" in value && typeof value.message === "string";
}
