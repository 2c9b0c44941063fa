import type { MadeInstance } from "../container/injector.js";
import { tokenName } from "../contracts/class.js";
import { GatewayError } from "../errors.js";
import { placeOf } from "../metadata/records.js";
import { at } from "../metadata/source-place.js";
import { messageOf } from "../thrown.js";
import type { Patience } from "./patience.js";

export type StartHook = "onModuleInit" | "onApplicationBootstrap";
export type CloseHook = "onModuleDestroy" | "beforeApplicationShutdown" | "onApplicationShutdown";

/**
 * Runs a starting hook of every instance, one after another, each after those that it needs.
 *
 * @throws GatewayError `GATEWAY_HOOK_FAILED` of the first that throws; the rest do not run.
 */
export async function runStartHook(instances: readonly MadeInstance[], hook: StartHook): Promise<void> {
  for (const instance of distinct(instances)) await runHook(instance, hook);
}

/** What closing hooks are given. */
export interface CloseHookOptions {
  /** The signal that ends the process. */
  readonly signal: string | undefined;
  /** How long all of them may take together. */
  readonly patience: Patience;
  readonly hooksMs: number;
}

/**
 * Runs a closing hook of every instance, in the opposite order. All of them run, whatever the others do; one that has not
 * ended when the patience does is left behind.
 *
 * @returns what they threw.
 */
export async function runCloseHook(
  instances: readonly MadeInstance[],
  hook: CloseHook,
  { signal, patience, hooksMs }: CloseHookOptions,
): Promise<GatewayError[]> {
  const errors: GatewayError[] = [];
  for (const instance of distinct(instances).reverse()) {
    try {
      if (await patience.endsBefore(runHook(instance, hook, signal))) {
        errors.push(hookFailed(instance, hook, `not ended after hooksMs (${hooksMs} ms)`));
      }
    } catch (error) {
      errors.push(error as GatewayError);
    }
  }
  return errors;
}

async function runHook(instance: MadeInstance, hook: StartHook | CloseHook, signal?: string): Promise<void> {
  try {
    const { value } = instance;
    const method = (value as Partial<Record<string, unknown>> | null | undefined)?.[hook];
    if (typeof method === "function") await (method as (signal?: string) => unknown).call(value, signal);
  } catch (cause) {
    throw hookFailed(instance, hook, messageOf(cause), cause);
  }
}

function hookFailed(
  { provider }: MadeInstance,
  hook: StartHook | CloseHook,
  detail: string,
  cause?: unknown,
): GatewayError {
  const { implementation, token } = provider;
  const name = at(tokenName(implementation ?? token), implementation && placeOf(implementation));
  return new GatewayError("GATEWAY_HOOK_FAILED", { values: { hook, provider: name, detail }, cause });
}

/** An object that is provided under several tokens has one life. */
function distinct(instances: readonly MadeInstance[]): MadeInstance[] {
  const seen = new Set<unknown>();
  return instances.filter(({ value }) => !seen.has(value) && seen.add(value));
}
