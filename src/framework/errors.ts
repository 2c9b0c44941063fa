import { CodedError, isOfFamily, type CodedErrorOptions, type ErrorTable } from "../common/index.js";

const FAMILY = "GatewayError";

/** Every error that stops an application from starting, running or closing. Each row is explained in docs/errors.md. */
export const GATEWAY_ERRORS = {
  GATEWAY_ALREADY_STARTED: {
    message: "{what} came after the application had started",
    mend: "Call it between Application.create() and listen() or attach().",
  },
  GATEWAY_BAD_DURATION: {
    message: "{where} is {value}, which is no duration",
    mend: 'Write milliseconds as a number, or text such as "500ms", "5s", "2m"; 0 means no limit.',
  },
  GATEWAY_BAD_MODULE: {
    message: "{where} is {value}, expected a class decorated with @Module",
    mend: "When it is undefined, two files import each other: move what both need into a third.",
  },
  GATEWAY_BAD_OPTION: {
    message: "option {option} is {value}, expected {expected}",
    mend: "Give the option a value of the expected kind, or leave it out for its default.",
  },
  GATEWAY_BAD_PARAMETER: {
    message: "{where} {problem}",
    mend: "{mend}",
  },
  GATEWAY_BAD_PROVIDER: {
    message: "a provider of {module} is {value}",
    mend: "List a class, or an object with provide and one of useClass, useValue, useFactory, useExisting.",
  },
  GATEWAY_CIRCULAR_MODULES: {
    message: "modules import each other: {chain}",
    mend: "Move what both sides need into a module that both import.",
  },
  GATEWAY_CIRCULAR_PROVIDERS: {
    message: "providers need each other: {chain}",
    mend: "Move what both sides need into a third provider.",
  },
  GATEWAY_CLOSED: {
    message: "the application is closed",
    mend: "Create a new one.",
  },
  GATEWAY_DTO_WITHOUT_RULES: {
    message: "{where} is typed {type}, a class without a single validation rule",
    mend: "Decorate its properties with class-validator's decorators, or type the parameter unknown to take it unchecked.",
  },
  GATEWAY_DUPLICATE_HANDLER: {
    message: 'event "{event}" of namespace {namespace} is handled by {first} and by {second}',
    mend: "Keep one of them, or give one another event or namespace.",
  },
  GATEWAY_HOOK_FAILED: {
    message: "{hook} of {provider} threw: {detail}",
    mend: "See the cause.",
  },
  GATEWAY_MISPLACED_DECORATOR: {
    message: "@{decorator} stands on {where}, where it cannot work",
    mend: "{mend}",
  },
  GATEWAY_MISSING_PROVIDER: {
    message: "{provider} of {module} needs {token} as {where}, and nothing provides it there{chain}{near}",
    mend: "Add {token} to the providers of {module}, or import a module that exports it.",
  },
  GATEWAY_MISSING_TYPE: {
    message: "{where} has no type at run time",
    mend:
      'Compile with "experimentalDecorators" and "emitDecoratorMetadata" (tsconfig.json; esbuild and tsx cannot), run jest ' +
      'with "preset": "rookery", or name the type: {example}.',
  },
  GATEWAY_NOT_FOUND: {
    message: "no module provides {token}{near}",
    mend: "Add it to the providers of a module that the application imports.",
  },
  GATEWAY_NOT_LISTENING: {
    message: "the application has no address: it is not listening",
    mend: "Await listen() first.",
  },
  GATEWAY_NOT_SINGLETON: {
    message: "{token} cannot be had from get(): it is {scope} and made asynchronously",
    mend: "Make the factory synchronous, or its scope singleton.",
  },
  GATEWAY_PORT_IN_USE: {
    message: "port {port} is taken by another process",
    mend: "Stop that process, or listen on another port.",
  },
  GATEWAY_LISTEN_FAILED: {
    message: "cannot listen on {address}: {detail}",
    mend: "See the cause.",
  },
  GATEWAY_PROVIDER_FAILED: {
    message: "{provider} of {module} could not be made: {detail}",
    mend: "See the cause.",
  },
  GATEWAY_RESERVED_EVENT: {
    message: '{where} handles "{event}", which is an event of Socket.IO itself: no client can send it',
    mend: "Use @OnConnect, @OnDisconnecting or @OnDisconnect, or another name.",
  },
  GATEWAY_SHUTDOWN_FAILED: {
    message: "the application has closed, but {count} of its hooks failed: {hooks}",
    mend: "See the log, or the errors of the cause.",
  },
  GATEWAY_STREAM_TOO_LONG: {
    message: "{handler} yielded more than {maxItems} items for one answer",
    mend: "Answer in pages, emit the items as events, or raise maxCollectedItems.",
  },
  GATEWAY_UNKNOWN_EXPORT: {
    message: "{module} exports {token}, which it neither provides nor imports",
    mend: "Add it to the providers or imports of {module}, or drop it from the exports.",
  },
  GATEWAY_UNKNOWN_OVERRIDE: {
    message: "{token} is overridden, but no module provides it{near}",
    mend: "Override the token under which the provider is listed.",
  },
  GATEWAY_UNNAMED_DEPENDENCY: {
    message: "{where} {found}",
    mend: "Name what is wanted with @Inject(token); of two files in a circle, move what both need into a third.",
  },
  GATEWAY_UNSUPPORTED: {
    message: "{where} uses {what}, which this version does not support",
    mend: "{mend}",
  },
} as const satisfies ErrorTable<string>;

/** A code of `GATEWAY_ERRORS`. */
export type GatewayErrorCode = keyof typeof GATEWAY_ERRORS;

/** An error of the framework that the developer has to mend. What clients receive is a `ClientError`. */
export class GatewayError extends CodedError<GatewayErrorCode> {
  constructor(code: GatewayErrorCode, options?: CodedErrorOptions) {
    super(FAMILY, GATEWAY_ERRORS[code], code, options);
  }

  static is(value: unknown, code?: GatewayErrorCode): value is GatewayError {
    return isOfFamily(value, FAMILY, code);
  }
}
