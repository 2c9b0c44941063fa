import type { Deadlines } from "../../common/index.js";
import type { ConnectHandler, EventSurroundings, Socket } from "../../core.js";
import type { Scopes } from "../container/scopes.js";
import type { CanActivate } from "../contracts/guard.js";
import type { Interceptor } from "../contracts/interceptor.js";
import type { PipeTransform } from "../contracts/pipe.js";
import {
  methodLabel,
  type GatewayContract,
  type HandlerContract,
  type HookContract,
  type MethodContract,
  type ParameterContract,
} from "../gateway/contract.js";
import type { Limiters } from "../limits/limiters.js";
import type { AckFormat } from "../metadata/types.js";
import type { ValidationTables } from "../validation/validators.js";
import { ACK_WRITERS, type AckWriter } from "./ack-format.js";
import { callStep, type Method } from "./arguments.js";
import { keepContext, withContext } from "./async-context.js";
import type { CallTarget } from "./call.js";
import { collectStep } from "./collect.js";
import { endOfConnection, inConnectionScope } from "./connection-scope.js";
import type { ErrorReporter } from "./error-reporter.js";
import { withFilters, type BoundFilter } from "./filters.js";
import { guardStep } from "./guards.js";
import { withInterceptors } from "./interceptors.js";
import type { MessagePlan } from "./message-call.js";
import { withMessageScope } from "./message-scope.js";
import { scopedMethod, type InstanceOf } from "./scoped-method.js";
import { observeStep } from "./observable.js";
import { joinSteps, type Step } from "./step.js";
import { withTimeout } from "./timeout.js";
import type { HookPlan } from "./unanswered-call.js";

/** What every compiled method needs, whichever gateway it belongs to. */
export interface CompileContext extends ValidationTables {
  readonly reporter: ErrorReporter;
  readonly deadlines: Deadlines;
  readonly limiters: Limiters;
  /** 0 means no limit. */
  readonly handlerTimeoutMs: number;
  readonly maxCollectedItems: number;
  readonly ackFormat: AckFormat;
  /** Whether `currentContext()` finds the calls. */
  readonly asyncContext: boolean;
  readonly scopes: Scopes;
}

/** What stands around a method, made by the container. */
export interface LiveEnhancers {
  readonly guards: readonly CanActivate[];
  readonly interceptors: readonly Interceptor[];
  readonly pipes: readonly PipeTransform[];
  readonly filters: readonly BoundFilter[];
}

/**
 * A gateway with everything that the container made for it. Its guards, interceptors and pipes are the global ones, then
 * its own; its filters are its own, then the global ones.
 */
export interface LiveGateway extends LiveEnhancers {
  /** Name, or pattern, of the namespace that it serves. */
  readonly namespace: string;
  readonly contract: GatewayContract;
  /** Of a gateway that is made for each connection or call, the prototype of its instances. */
  readonly instance: object;
  /** `undefined` for singletons. */
  readonly instanceOf: InstanceOf | undefined;
  /** Those of its methods alone. */
  readonly enhancers: ReadonlyMap<MethodContract, MethodEnhancers>;
}

export interface MethodEnhancers extends LiveEnhancers {
  readonly parameterPipes: ReadonlyMap<ParameterContract, readonly PipeTransform[]>;
}

/** A judgement on a connection: one step, and the gateway it speaks for. */
export interface ConnectPlan extends CallTarget {
  readonly run: Step;
}

/**
 * Turns contracts into functions, once at start. What a method does not use is not there: a synchronous handler without
 * enhancers is its parameters and its call, and no promise is made on the way.
 */
export class Compiler {
  readonly #context: CompileContext;

  constructor(context: CompileContext) {
    this.#context = context;
  }

  /** How the application answers where no handler says otherwise. */
  get writer(): AckWriter {
    return ACK_WRITERS[this.#context.ackFormat];
  }

  /** One plan for each event of the handler: guards, parameters, call, answer. */
  messages(gateway: LiveGateway, handler: HandlerContract): readonly MessagePlan[] {
    const own = enhancersOf(gateway, handler);
    const guards = [...gateway.guards, ...own.guards].map(guardStep);
    const steps = [...this.#limits(gateway, handler), ...guards, ...this.#callAndWrite(gateway, handler)];
    const target = targetOf(gateway, handler);
    const run = this.#protect(joinSteps(steps), handler, [...own.filters, ...gateway.filters]);
    const { reporter, ackFormat } = this.#context;
    const { kind: ack, format = ackFormat } = handler.ack;
    return handler.events.map(({ name: event }) => ({
      ...target,
      event,
      run,
      ack,
      writer: ACK_WRITERS[format],
      reporter,
    }));
  }

  /** How often clients may connect to the gateway's namespace; none when nothing limits it. */
  gatewayConnectLimits(gateway: LiveGateway): readonly ConnectPlan[] {
    const { connectLimits } = gateway.contract;
    const steps = this.#context.limiters.stepsOf(connectLimits, `${ownerOf(gateway, undefined)} connect`);
    if (steps.length === 0) return [];
    return [{ ...targetOf(gateway, undefined), run: this.#protect(joinSteps(steps), undefined, gateway.filters) }];
  }

  /** How often clients may come to the hook; none when nothing limits it. */
  connectLimits(gateway: LiveGateway, hook: HookContract): readonly ConnectPlan[] {
    const steps = this.#context.limiters.stepsOf(hook.rateLimits, ownerOf(gateway, hook));
    if (steps.length === 0) return [];
    return [{ ...targetOf(gateway, hook), run: this.#protect(joinSteps(steps), hook, gateway.filters) }];
  }

  /** The gateway's guards, which judge the connection before any of its hooks runs. */
  connectGuards(gateway: LiveGateway, guards: readonly CanActivate[]): ConnectPlan {
    const run = this.#protect(joinSteps(guards.map(guardStep)), undefined, gateway.filters);
    return { ...targetOf(gateway, undefined), run };
  }

  /** Interceptors of a gateway that has no hook for them to stand around. */
  connectInterceptors(gateway: LiveGateway, interceptors: readonly Interceptor[]): ConnectPlan {
    const step = withInterceptors(joinSteps([]), interceptors, this.#context.reporter);
    const run = this.#protect(step, undefined, gateway.filters);
    return { ...targetOf(gateway, undefined), run };
  }

  connectHook(gateway: LiveGateway, hook: HookContract): ConnectPlan {
    const own = enhancersOf(gateway, hook);
    const steps = [...own.guards.map(guardStep), this.#call(gateway, hook), observeStep];
    const run = this.#protect(joinSteps(steps), hook, [...own.filters, ...gateway.filters]);
    return { ...targetOf(gateway, hook), run };
  }

  disconnectHook(gateway: LiveGateway, hook: HookContract): HookPlan {
    const filters = [...enhancersOf(gateway, hook).filters, ...gateway.filters];
    const run = this.#protect(joinSteps([this.#call(gateway, hook), observeStep]), hook, filters);
    return { ...targetOf(gateway, hook), run, reporter: this.#context.reporter };
  }

  /** The end of a connection's scope; `undefined` when no provider has one. */
  connectionEnd(): HookPlan | undefined {
    const { scopes, reporter } = this.#context;
    if (!scopes.hasConnections) return undefined;
    return endOfConnection(scopes, (step) => this.#protect(step, undefined, []), reporter);
  }

  /** Opens the scope of connections that ask to be let in. @param release - for those that are refused. */
  inConnectionScope(connect: ConnectHandler, release: (socket: Socket) => void): ConnectHandler {
    return inConnectionScope(connect, this.#context.scopes, release);
  }

  /** What events take place in; `undefined` unless the application keeps the context. */
  surroundings(): EventSurroundings | undefined {
    return this.#context.asyncContext ? keepContext(this.#context.reporter) : undefined;
  }

  #limits(gateway: LiveGateway, handler: HandlerContract): readonly Step[] {
    const { limiters } = this.#context;
    return [
      ...limiters.stepsOf(gateway.contract.rateLimits, ownerOf(gateway, undefined)),
      ...limiters.stepsOf(handler.rateLimits, ownerOf(gateway, handler)),
    ];
  }

  #callAndWrite(gateway: LiveGateway, handler: HandlerContract): Step[] {
    const method = methodOf(gateway, handler);
    // Generators run only while somebody reads them, whether or not an answer is wanted.
    const isCollected =
      handler.ack.kind === "value" || method[Symbol.toStringTag as never] === "AsyncGeneratorFunction";
    const outcome = isCollected ? collectStep(this.#context.maxCollectedItems) : observeStep;
    const steps = [this.#call(gateway, handler), outcome];
    const serialize = this.#context.serializers.get(handler);
    if (serialize !== undefined) steps.push((_call, value) => serialize(value));
    return steps;
  }

  /** The method with its interceptors around it. */
  #call(gateway: LiveGateway, contract: MethodContract): Step {
    const own = enhancersOf(gateway, contract);
    const { instance, instanceOf } = gateway;
    const { parameters } = contract;
    const call = callStep({
      ...(instanceOf === undefined
        ? { method: methodOf(gateway, contract), parameters }
        : scopedMethod(instanceOf, contract)),
      instance,
      validators: this.#context.validators,
      pipesOf: (parameter) => pipesOf(parameter, gateway, contract),
    });
    // Who only watches an event is no part of its way: interceptors stand around its handler, once.
    const shared = "kind" in contract && contract.kind === "any" ? [] : gateway.interceptors;
    const interceptors = [...shared, ...own.interceptors];
    if (interceptors.length === 0) return call;
    return withInterceptors(joinSteps([call, observeStep]), interceptors, this.#context.reporter);
  }

  #protect(step: Step, contract: MethodContract | undefined, filters: readonly BoundFilter[]): Step {
    const timeoutMs = contract?.timeoutMs ?? this.#context.handlerTimeoutMs;
    const { deadlines, reporter, scopes, asyncContext } = this.#context;
    const filtered = withFilters(step, filters);
    const scoped = scopes.hasMessages ? withMessageScope(filtered, scopes) : filtered;
    const limited = withTimeout(scoped, { timeoutMs, deadlines, reporter });
    return asyncContext ? withContext(limited) : limited;
  }
}

function enhancersOf(gateway: LiveGateway, contract: MethodContract): MethodEnhancers {
  return gateway.enhancers.get(contract) ?? NO_ENHANCERS;
}

const NO_ENHANCERS: MethodEnhancers = {
  guards: [],
  interceptors: [],
  pipes: [],
  filters: [],
  parameterPipes: new Map(),
};

/** What the server itself hands to a hook is no client's doing: only pipes of the parameter itself see it. */
function pipesOf(
  parameter: ParameterContract,
  gateway: LiveGateway,
  contract: MethodContract,
): readonly PipeTransform[] {
  const { pipes, parameterPipes } = enhancersOf(gateway, contract);
  const own = parameterPipes.get(parameter) ?? [];
  const isOfClient = parameter.kind === "auth" || (parameter.kind === "payload" && !("kind" in contract));
  return isOfClient ? [...gateway.pipes, ...pipes, ...own] : own;
}

function targetOf(gateway: LiveGateway, contract: MethodContract | undefined): CallTarget {
  const { gateway: type } = gateway.contract;
  if (contract === undefined) return { gateway: type.value, handler: undefined, label: `${type.name} (guards)` };
  const handler = methodOf(gateway, contract);
  return { gateway: type.value, handler, label: methodLabel(type, contract.method) };
}

/** What a rate limit stands on, the same on every server of a cluster. */
function ownerOf({ namespace, contract }: LiveGateway, method: MethodContract | undefined): string {
  const { gateway } = contract;
  return `${namespace} ${method === undefined ? gateway.name : methodLabel(gateway, method.method)}`;
}

function methodOf({ instance }: LiveGateway, { method }: MethodContract): Method {
  return (instance as Record<string | symbol, unknown>)[method.value] as Method;
}
