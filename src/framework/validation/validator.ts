import type { ParameterContract } from "../gateway/contract.js";

/** Checks one parameter's value. What stands behind it may be compiled or a library. */
export interface Validator {
  /**
   * @returns what the handler gets: the value, an instance made of it, or a thenable of that.
   * @throws GatewayException `VALIDATION_FAILED`, at once or as a rejection.
   */
  readonly validate: (value: unknown) => unknown;
  /** Whether `validate` may return a thenable. */
  readonly mayWait: boolean;
  /** Which argument it checks, counted from 0; `undefined` when the handler takes one only. */
  readonly argument: number | undefined;
}

/** By parameter; parameters that take anything are not in it. */
export type ValidatorTable = ReadonlyMap<ParameterContract, Validator>;

/** Turns a handler's value into what the client gets. */
export type Serializer = (value: unknown) => unknown;
