import { GatewayException, type ValidationIssue } from "../client-errors.js";

/**
 * What a client is told about a payload that is not valid. It has no stack trace: that would only show the pipeline, and
 * cost several times as much as finding out what is wrong, at the will of the client.
 */
export function invalid(issues: readonly ValidationIssue[]): GatewayException {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return new GatewayException("VALIDATION_FAILED", undefined, issues);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/**
 * One broken rule of an argument as a whole.
 *
 * @param argument - which argument, for handlers that take several.
 */
export function invalidArgument(rule: string, message: string, argument: number | undefined): GatewayException {
  return invalid([inArgument({ path: "", constraints: { [rule]: message } }, argument)]);
}

export function missing(argument: number | undefined): GatewayException {
  return invalidArgument("required", "is missing", argument);
}

export function inArgument(issue: ValidationIssue, argument: number | undefined): ValidationIssue {
  return argument === undefined ? issue : { argument, ...issue };
}
