import { Namespace, Server, Socket } from "../../core.js";
import { tokenName, type AbstractClass, type Class } from "../contracts/class.js";
import { ExecutionContext } from "../contracts/execution-context.js";
import type { Problems } from "../problems.js";
import { propertyDescriptor } from "./method-records.js";
import { GatewayError } from "../errors.js";
import { methodTypes } from "../metadata/store.js";
import type {
  EnhancerLike,
  EnhancerRecord,
  MethodKey,
  MethodRecord,
  NamedSource,
  ParameterSource,
  PayloadOptions,
  PipeLike,
  PlainSource,
} from "../metadata/types.js";
import type {
  EnhancersContract,
  MethodContract,
  NamedContract,
  ParameterContract,
  PayloadCheck,
  PayloadContract,
} from "./contract.js";
import { Named } from "./contract.js";
import { readParameterList, type WrittenParameter } from "./parameter-list.js";
import { badParameter, checkOf, isOrExtends, namedCheck } from "./payload-check.js";

/** The method whose parameters are read. */
export interface MethodPlace {
  readonly gateway: Class;
  readonly key: MethodKey;
  readonly record: MethodRecord;
  /** `ChatGateway.send (src/chat.gateway.ts:12)`, for errors. */
  readonly label: string;
}

/**
 * Says for each parameter where its value comes from. Parameters without a decorator take the arguments in order, but for
 * those whose type says more: `Socket`, `SocketNamespace`, `Server`, `ExecutionContext`.
 *
 * @param problems - gets `GATEWAY_MISSING_TYPE` and `GATEWAY_BAD_PARAMETER` of each parameter.
 */
export function readParameters(place: MethodPlace, problems: Problems): ReadParameters {
  const types = methodTypes(place.gateway, place.key);
  const method: unknown = propertyDescriptor(place.gateway, place.key)?.value;
  const written = readParameterList(method, place.key);
  const length = typeof method === "function" ? method.length : 0;
  const highest = Math.max(-1, ...place.record.parameters.keys());
  const count = Math.max(types?.length ?? 0, written?.length ?? 0, length, highest + 1);
  let nextPosition = 0;
  const read = (index: number): ParameterContract => {
    const source = place.record.parameters.get(index);
    const isTyped = types !== undefined && index < types.length;
    const parameter = new Parameter(place, index, { type: types?.[index], isTyped, written: written?.[index] });
    const kind = source === undefined && isTyped ? kindOfType(types[index]) : undefined;
    if (kind !== undefined) return { kind };
    if (source === undefined) parameter.checkNotLost();
    const contract = parameter.contract(source ?? PLAIN_PAYLOAD, nextPosition);
    if (contract.kind === "payload" && contract.position === nextPosition) nextPosition++;
    return contract;
  };
  const parameters = Array.from({ length: count }, (_, index) => problems.try(() => read(index)) ?? UNREADABLE);
  return { parameters, parameterNames: parameters.map((_, index) => written?.[index]?.name ?? "") };
}

/** The parameters of a method, and what its source calls them. */
export type ReadParameters = Pick<MethodContract, "parameters" | "parameterNames">;

/** In the place of a parameter that keeps the application from starting. */
const UNREADABLE: ParameterContract = { kind: "socket" };

const PLAIN_PAYLOAD: ParameterSource = { kind: "payload", position: undefined, options: {} };

/** What no client sends, but every call has. */
const SURROUNDINGS: readonly (readonly [type: AbstractClass, kind: PlainSource])[] = [
  [Socket, "socket"],
  [Namespace, "namespace"],
  [Server, "server"],
  [ExecutionContext, "context"],
];

function kindOfType(type: unknown): PlainSource | undefined {
  return SURROUNDINGS.find(([base]) => isOrExtends(type, base))?.[1];
}

/** Names under which nobody takes an unchecked argument without saying so. */
const TELLING_NAME = /^_?(?:socket|client|context|ctx|dto)$|D(?:to|TO)$/;

interface Reflected {
  readonly type: unknown;
  /** Whether the compiler wrote down a type at all. */
  readonly isTyped: boolean;
  readonly written: WrittenParameter | undefined;
}

class Parameter {
  readonly #reflected: Reflected;
  readonly #where: string;

  constructor(place: MethodPlace, index: number, reflected: Reflected) {
    this.#where = whereOf(place, index, reflected.written?.name);
    this.#reflected = reflected;
  }

  /**
   * Interfaces and classes that are imported as types are `Object` at run time, as `unknown` is: the name tells that more
   * was meant.
   */
  checkNotLost(): void {
    const { type, written } = this.#reflected;
    if (type !== Object || !TELLING_NAME.test(written?.name ?? "")) return;
    throw badParameter(
      this.#where,
      "has lost its type: at run time it is Object, as interfaces are and what `import type` brings",
      "Import its class as a value, or say what it is: @ConnectedSocket(), @Payload(() => Dto), @Payload() for anything.",
    );
  }

  contract(source: ParameterSource, nextPosition: number): ParameterContract {
    switch (source.kind) {
      case "payload":
        return this.#payload(source.position ?? nextPosition, source);
      case "auth":
        return {
          kind: "auth",
          check: this.#check(source.type === undefined ? undefined : () => source.type as Class),
          pipes: namedPipes(source.pipes),
        };
      case "custom":
        return {
          kind: "custom",
          name: source.name,
          resolve: new Named(source.name, source.resolve),
          pipes: namedPipes(source.pipes),
        };
      case "param":
      case "eventParam":
      case "headers":
      case "query":
      case "data":
        return this.#named(source);
      default:
        return { kind: source.kind };
    }
  }

  /** Text under a type that is none would be a lie that no compiler sees. */
  #named({ kind, name, pipes = [] }: Extract<ParameterSource, { readonly kind: NamedSource }>): NamedContract {
    const type = this.#reflected.type === Number ? "number" : this.#reflected.type === Boolean ? "boolean" : undefined;
    if (kind !== "data" && pipes.length === 0 && type !== undefined) {
      throw badParameter(
        this.#where,
        `is typed ${type}, but takes text`,
        "Type it string, or add a pipe that converts it, such as ParseIntPipe.",
      );
    }
    return { kind, name, pipes: namedPipes(pipes) };
  }

  #payload(
    position: number,
    { options, pipes }: { readonly options: PayloadOptions; readonly pipes?: readonly PipeLike[] },
  ): PayloadContract {
    const { written } = this.#reflected;
    const isRest = written?.isRest ?? false;
    if (!Number.isSafeInteger(position) || position < 0) {
      throw badParameter(this.#where, `takes argument ${position}`, "Count arguments from 0, in whole numbers.");
    }
    const check = this.#check(options.type);
    return {
      kind: "payload",
      position,
      isOptional: options.optional ?? written?.hasDefault ?? false,
      isRest,
      // Of a rest parameter, tsc writes the element's type and swc Array, which says nothing about the elements.
      check: isRest && check.kind === "array" ? { ...check, kind: "any" } : check,
      pipes: namedPipes(pipes),
    };
  }

  #check(named: PayloadOptions["type"]): PayloadCheck {
    if (named !== undefined) return namedCheck(named, this.#where);
    if (this.#reflected.isTyped) return checkOf(this.#reflected.type, this.#where);
    throw new GatewayError("GATEWAY_MISSING_TYPE", { values: { where: this.#where, example: "@Payload(() => Dto)" } });
  }
}

/** A parameter, as errors name it. */
export function whereOf({ label }: Pick<MethodPlace, "label">, index: number, name = ""): string {
  return `parameter ${index + 1}${name === "" ? "" : ` (${name})`} of ${label}`;
}

/** Enhancers as a contract prints them. */
export function namedEnhancers({ guards, interceptors, pipes, filters }: EnhancerRecord): EnhancersContract {
  return {
    guards: guards.map(namedEnhancer),
    interceptors: interceptors.map(namedEnhancer),
    pipes: pipes.map(namedEnhancer),
    filters: filters.map(namedEnhancer),
  };
}

/** An enhancer as a contract prints it: by the name of its class. */
function namedEnhancer<T extends EnhancerLike>(enhancer: T): Named<T> {
  return new Named(typeof enhancer === "function" ? tokenName(enhancer) : enhancer.constructor.name, enhancer);
}

function namedPipes(pipes: readonly PipeLike[] = []): readonly Named<PipeLike>[] {
  return pipes.map(namedEnhancer);
}
