import type { Deadlines } from "../../common/index.js";
import type { CanActivate } from "../contracts/guard.js";
import {
  methodLabel,
  type GatewayContract,
  type HandlerContract,
  type HookContract,
  type MethodContract,
} from "../gateway/contract.js";
import type { ValidationTables } from "../validation/validators.js";
import { callStep, type Method } from "./arguments.js";
import type { CallTarget } from "./call.js";
import { collectStep } from "./collect.js";
import type { DisconnectPlan } from "./disconnect-call.js";
import type { ErrorReporter } from "./error-reporter.js";
import { withFilters, type BoundFilter } from "./filters.js";
import { guardStep } from "./guards.js";
import type { MessagePlan } from "./message-call.js";
import { joinSteps, type Step } from "./step.js";
import { withTimeout } from "./timeout.js";

/** What every compiled method needs, whichever gateway it belongs to. */
export interface CompileContext extends ValidationTables {
  readonly reporter: ErrorReporter;
  readonly deadlines: Deadlines;
  /** 0 means no limit. */
  readonly handlerTimeoutMs: number;
  readonly maxCollectedItems: number;
}

/** A gateway with everything that the container made for it. */
export interface LiveGateway {
  readonly contract: GatewayContract;
  readonly instance: object;
  /** Global guards, then the gateway's. */
  readonly guards: readonly CanActivate[];
  /** The gateway's filters, then the global ones. */
  readonly filters: readonly BoundFilter[];
  /** Guards and filters of its methods alone. */
  readonly enhancers: ReadonlyMap<MethodContract, MethodEnhancers>;
}

export interface MethodEnhancers {
  readonly guards: readonly CanActivate[];
  readonly filters: readonly BoundFilter[];
}

/** A judgement on a connection: one step, and the gateway it speaks for. */
export interface ConnectPlan extends CallTarget {
  readonly run: Step;
}

/**
 * Turns contracts into functions, once at start. What a method does not use is not there: a synchronous handler without
 * guards is its parameters and its call, and no promise is made on the way.
 */
export class Compiler {
  readonly #context: CompileContext;

  constructor(context: CompileContext) {
    this.#context = context;
  }

  /** One plan for each event of the handler: guards, parameters, call, answer. */
  messages(gateway: LiveGateway, handler: HandlerContract): readonly MessagePlan[] {
    const own = enhancersOf(gateway, handler);
    const steps = [...[...gateway.guards, ...own.guards].map(guardStep), ...this.#callAndWrite(gateway, handler)];
    const target = targetOf(gateway, handler);
    const run = this.#protect(joinSteps(steps), handler, [...own.filters, ...gateway.filters]);
    const { reporter } = this.#context;
    return handler.events.map((event) => ({ ...target, event, run, ack: handler.ack.kind, reporter }));
  }

  /** The gateway's guards, which judge the connection before any of its hooks runs. */
  connectGuards(gateway: LiveGateway, guards: readonly CanActivate[]): ConnectPlan {
    const run = this.#protect(joinSteps(guards.map(guardStep)), undefined, gateway.filters);
    return { ...targetOf(gateway, undefined), run };
  }

  connectHook(gateway: LiveGateway, hook: HookContract): ConnectPlan {
    const own = enhancersOf(gateway, hook);
    const steps = [...own.guards.map(guardStep), this.#call(gateway, hook)];
    const run = this.#protect(joinSteps(steps), hook, [...own.filters, ...gateway.filters]);
    return { ...targetOf(gateway, hook), run };
  }

  disconnectHook(gateway: LiveGateway, hook: HookContract): DisconnectPlan {
    const filters = [...enhancersOf(gateway, hook).filters, ...gateway.filters];
    const run = this.#protect(this.#call(gateway, hook), hook, filters);
    return { ...targetOf(gateway, hook), run, reporter: this.#context.reporter };
  }

  #callAndWrite(gateway: LiveGateway, handler: HandlerContract): Step[] {
    const steps = [this.#call(gateway, handler)];
    const method = methodOf(gateway, handler);
    // Generators run only while somebody reads them, whether or not an answer is wanted.
    if (handler.ack.kind === "value" || method[Symbol.toStringTag as never] === "AsyncGeneratorFunction") {
      steps.push(collectStep(this.#context.maxCollectedItems));
    }
    const serialize = this.#context.serializers.get(handler);
    if (serialize !== undefined) steps.push((_call, value) => serialize(value));
    return steps;
  }

  #call(gateway: LiveGateway, contract: MethodContract): Step {
    return callStep({
      instance: gateway.instance,
      method: methodOf(gateway, contract),
      parameters: contract.parameters,
      validators: this.#context.validators,
    });
  }

  #protect(step: Step, contract: MethodContract | undefined, filters: readonly BoundFilter[]): Step {
    const timeoutMs = contract?.timeoutMs ?? this.#context.handlerTimeoutMs;
    const { deadlines, reporter } = this.#context;
    return withTimeout(withFilters(step, filters), { timeoutMs, deadlines, reporter });
  }
}

function enhancersOf(gateway: LiveGateway, contract: MethodContract): MethodEnhancers {
  return gateway.enhancers.get(contract) ?? { guards: [], filters: [] };
}

function targetOf(gateway: LiveGateway, contract: MethodContract | undefined): CallTarget {
  const { gateway: type } = gateway.contract;
  if (contract === undefined) return { gateway: type.value, handler: undefined, label: `${type.name} (guards)` };
  const handler = methodOf(gateway, contract);
  return { gateway: type.value, handler, label: methodLabel(type, contract.method) };
}

function methodOf({ instance }: LiveGateway, { method }: MethodContract): Method {
  return (instance as Record<string | symbol, unknown>)[method.value] as Method;
}
