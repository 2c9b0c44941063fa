import { CodedError, isOfFamily, showMend, type CodedErrorOptions, type ErrorTable } from "../common/index.js";

const FAMILY = "GatewayError";

/** Every error that stops an application from starting, running or closing. Each row is explained in docs/errors.md. */
export const GATEWAY_ERRORS = {
  GATEWAY_ALREADY_STARTED: {
    message: "{what} came after the application had started",
    mend: "Call it between Application.create() and listen() or attach().",
  },
  GATEWAY_BAD_CORS: {
    message:
      "cors allows every origin and credentials: any page that a signed-in user opens could use the application as that user",
    mend: "Name the origins, or say that it is meant: allowAnyOriginWithCredentials: true.",
  },
  GATEWAY_BAD_ANSWER: {
    message: "{where} answered what its schema refuses: {detail}",
    mend: "Return what the schema of @Ack describes, or widen the schema.",
  },
  GATEWAY_BAD_DURATION: {
    message: "{where} is {value}, which is no duration",
    mend: 'Write milliseconds as a number, or text such as "500ms", "5s", "2m", "1h", "1d"; 0 means no limit.',
  },
  GATEWAY_BAD_EVENT: {
    message: "{where} is for {pattern}, which {problem}",
    mend: "{mend}",
  },
  GATEWAY_BAD_ENHANCER: {
    message: "{enhancer}, used by {where}, has no method {method}",
    mend: "Hand guards to @UseGuards, interceptors to @UseInterceptors, pipes to @UsePipes and filters to @UseFilters.",
  },
  GATEWAY_BAD_MODULE: {
    message: "{where} is {value}, expected a class decorated with @Module",
    mend:
      "Decorate it with @Module(), or list it in providers. When it is undefined, two files import each other: name it by " +
      "forwardRef(() => Module), or move what both need into a third.",
  },
  GATEWAY_BAD_NAMESPACE: {
    message: "@Namespace of {where} is {pattern}, which {problem}",
    mend: "{mend}",
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
  GATEWAY_CHECK_TIMEOUT: {
    message: "health check {name} has not answered within {timeoutMs} ms",
    mend: "Make the check quicker, or raise health.checkTimeout.",
  },
  GATEWAY_CIRCULAR_MODULES: {
    message: "modules import each other: {chain}",
    mend: "Name one of them by forwardRef(() => Module) in the imports, or move what both sides need into a module that both import.",
  },
  GATEWAY_CIRCULAR_PROVIDERS: {
    message: "providers need each other: {chain}",
    mend:
      "Name one of them by @Inject(forwardRef(() => Other)), or move what both sides need into a third provider. Of transient " +
      "providers alone a circle never ends.",
  },
  GATEWAY_CLOSED: {
    message: "the application is closed",
    mend: "Create a new one.",
  },
  GATEWAY_DTO_WITHOUT_RULES: {
    message: "{where} is typed {type}, a class without a single validation rule",
    mend: "Decorate its properties with class-validator's decorators, or type the parameter unknown to take it unchecked.{hint}",
  },
  GATEWAY_DUPLICATE_HANDLER: {
    message: "{event} of namespace {namespace} is handled by {first} and by {second}",
    mend: "Keep one of them, give one another event or namespace, or say { shared: true } at both.",
  },
  GATEWAY_DUPLICATE_NAMESPACE: {
    message: "{first} and {second} match the same names",
    mend: "Write the same pattern at both, with the same parameters, to share the namespace.",
  },
  GATEWAY_FORWARD_REF_EARLY: {
    message: "{holder} uses {token}, which forwardRef promised it, before {token} has been made",
    mend: "Use it in onModuleInit or later, not in the constructor.",
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
    mend: "{mend}",
  },
  GATEWAY_MISSING_TYPE: {
    message: "{where} has no type at run time",
    mend:
      'Compile with "experimentalDecorators" and "emitDecoratorMetadata" (tsconfig.json; esbuild and tsx cannot), run jest ' +
      'with "preset": "rookery", or name the type: {example}.',
  },
  GATEWAY_MODULE_FAILED: {
    message: "{where} is a promise that was rejected: {detail}",
    mend: "See the cause.",
  },
  GATEWAY_NARROW_SCOPE: {
    message:
      '{provider} of {module} has scope "{scope}" and needs {token} as {where}{through}, which serves one {needed} only: it would ' +
      "keep that of its first client for all of them",
    mend: 'Give it the scope too, @Injectable({ scope: "{needed}" }); or hand it what it needs when its methods are called.',
  },
  GATEWAY_NO_CONTEXT: {
    message: "currentContext() is called, but no application keeps the context",
    mend: "Create the application with the option asyncContext: true.",
  },
  GATEWAY_NO_SCOPE: {
    message: "{token} serves one {scope}, and there is none that is open",
    mend:
      "Pass resolve() the socket or the execution context it is for, from the guards and connect hooks on until it has ended; " +
      "without gateways a namespace has no scopes.",
  },
  GATEWAY_NOT_A_HANDLER: {
    message: "{where} is no handler{near}",
    mend: "Name a method with @OnEvent, or with @OnConnect, @OnDisconnecting or @OnDisconnect; and an event that leads to it.",
  },
  GATEWAY_NOT_A_SERVER: {
    message: "attach() was given what is no HTTP server",
    mend: "Pass the server that the application runs on: createServer(app) of Express, createServer(app.callback()) of Koa, fastify.server, nest.getHttpServer().",
  },
  GATEWAY_NOT_FOUND: {
    message: "no module provides {token}{near}",
    mend: "Add it to the providers of a module that the application imports.",
  },
  GATEWAY_NOT_INJECTABLE: {
    message: "{where} has no type at run time: compilers write down those of decorated classes alone",
    mend: "Decorate the class with @Injectable(), or name the type: {example}.",
  },
  GATEWAY_NOT_LISTENING: {
    message: "the application has no address: it is not listening",
    mend: "Await listen() first.",
  },
  GATEWAY_NOT_SINGLETON: {
    message: "{token} cannot be had from get(): its scope is {scope}",
    mend: "Use await resolve({token}), of scope connection or message with the socket or the execution context.",
  },
  GATEWAY_PORT_IN_USE: {
    message: "port {port} is taken by another process",
    mend: "Stop that process, or listen on another port.",
  },
  GATEWAY_INHERITED_NAME: {
    message: '{type} has a rule for the property "{property}", whose name every object inherits',
    mend: "Give the property another name: keys of such names are dropped from payloads.",
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
  GATEWAY_SCOPED_HOOK: {
    message: "{hook} of {provider} would never run: the class is made for each {scope}",
    mend: "Use the constructor, @OnConnect or @OnDispose, or a singleton.",
  },
  GATEWAY_SHUTDOWN_FAILED: {
    message: "the application has closed, but {count} of its hooks failed: {hooks}",
    mend: "See the log, or the errors of the cause.",
  },
  GATEWAY_STANDARD_DECORATORS: {
    message: "@{decorator} of the {where} was compiled as a standard decorator, which has neither parameters nor types",
    mend:
      'Compile with "experimentalDecorators" and "emitDecoratorMetadata" (tsconfig.json), or run jest with ' +
      '"preset": "rookery".',
  },
  GATEWAY_START_FAILED: {
    message: "the application cannot start, for {count} reasons:{problems}",
    mend: "Mend each of them; they are the errors of the cause, too.",
  },
  GATEWAY_STREAM_TOO_LONG: {
    message: "{handler} yielded more than {maxItems} items for one answer",
    mend: "Answer in pages, emit the items as events, or raise maxCollectedItems.",
  },
  GATEWAY_UNCALLED_HOOK: {
    message: "{where} has a method {hook} without a decorator, which NestJS would call and nobody does here",
    mend: "{mend}",
  },
  GATEWAY_UNDEFINED_ARGUMENT: {
    message: "@{decorator} of {where} is given {value}",
    mend:
      "What it names does not exist when the file is loaded: it is misspelt, or two files import each other; move what both " +
      "need into a third.",
  },
  GATEWAY_UNHEALTHY: {
    message: "health check {name} says no",
    mend: "See to what it checks; a check that throws says why.",
  },
  GATEWAY_UNKNOWN_EXPORT: {
    message: "{where} exports {token}, which it neither provides nor imports",
    mend: "Add it to the providers or imports of {module}, or drop it from the exports.",
  },
  GATEWAY_UNKNOWN_OVERRIDE: {
    message: "{token} is overridden, but no module {lacks} it{near}",
    mend: "Override the token under which the provider is listed, or the class of the module that is imported.",
  },
  GATEWAY_UNKNOWN_SCOPE: {
    message: "{provider} has scope {scope}, which does not exist",
    mend: "Use one of: {known}.",
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
    showMend(this);
  }

  static is(value: unknown, code?: GatewayErrorCode): value is GatewayError {
    return isOfFamily(value, FAMILY, code);
  }
}
