import { refusal, type GatewayException, type ValidationIssue } from "../client-errors.js";

/**
 * One broken rule of an argument as a whole.
 *
 * @param argument - which argument, for handlers that take several.
 */
export function invalidArgument(rule: string, message: string, argument: number | undefined): GatewayException {
  return refusal([inArgument({ path: "", constraints: { [rule]: message } }, argument)]);
}

export function missing(argument: number | undefined): GatewayException {
  return invalidArgument("required", "is missing", argument);
}

export function inArgument(issue: ValidationIssue, argument: number | undefined): ValidationIssue {
  return argument === undefined ? issue : { argument, ...issue };
}
