import { GatewayException, type ValidationIssue } from "../client-errors.js";

/** What a client is told about a payload that is not valid. */
export function invalid(issues: readonly ValidationIssue[]): GatewayException {
  return new GatewayException("VALIDATION_FAILED", undefined, issues);
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
