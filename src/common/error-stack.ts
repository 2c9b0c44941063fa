import type { CodedError } from "./errors.js";

/**
 * A frame within this package where an application has it, or of what it calls without a place, such as `Array.map`. In a
 * checkout of the package itself frames are wanted.
 */
const OWN_FRAME = /[\\/]node_modules[\\/]rookery[\\/](?:dist|src)[\\/]|\((?:<anonymous>|index \d+)\)$/;

const DEPTH = 50;

/**
 * Makes the stack of an error that its reader can mend say how, below the message, as that is all that test runners and
 * uncaught errors show; and leaves out the frames of this package, above which the reader's own would be looked for.
 *
 * Formats the stack, which takes its time: for errors that are rare.
 */
export function showMend(error: CodedError): void {
  const { stackTraceLimit } = Error;
  // The reader's frames stand below ours.
  if (stackTraceLimit > 0) Error.stackTraceLimit = Math.max(stackTraceLimit, DEPTH);
  Error.captureStackTrace(error, error.constructor);
  Error.stackTraceLimit = stackTraceLimit;
  const { name, message, mend, stack } = error;
  // With a `prepareStackTrace` of somebody else it may be anything.
  if (typeof stack !== "string" || !stack.includes(message)) return;
  const lines = stack.slice(stack.indexOf(message) + message.length).split("\n");
  const frames = lines.filter((line, index) => index > 0 && !OWN_FRAME.test(line)).slice(0, stackTraceLimit);
  Object.defineProperties(error, {
    stack: { value: [`${name}: ${message}`, `  ${mend}`, ...frames].join("\n"), writable: true, configurable: true },
    // It would stand there twice.
    mend: { enumerable: false },
  });
}
