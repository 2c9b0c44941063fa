import type { MadeInstance } from "../container/injector.js";
import { tokenName } from "../contracts/class.js";
import { GatewayError } from "../errors.js";
import { messageOf } from "../thrown.js";

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

/**
 * Runs a closing hook of every instance, in the opposite order. All of them run, whatever the others do.
 *
 * @param signal - handed to the hooks.
 * @returns what they threw.
 */
export async function runCloseHook(
  instances: readonly MadeInstance[],
  hook: CloseHook,
  signal: string | undefined,
): Promise<GatewayError[]> {
  const errors: GatewayError[] = [];
  for (const instance of distinct(instances).reverse()) {
    try {
      await runHook(instance, hook, signal);
    } catch (error) {
      errors.push(error as GatewayError);
    }
  }
  return errors;
}

async function runHook({ value, provider }: MadeInstance, hook: StartHook | CloseHook, signal?: string): Promise<void> {
  try {
    const method = (value as Partial<Record<string, unknown>> | null | undefined)?.[hook];
    if (typeof method === "function") await (method as (signal?: string) => unknown).call(value, signal);
  } catch (cause) {
    const values = { hook, provider: tokenName(provider.token), detail: messageOf(cause) };
    throw new GatewayError("GATEWAY_HOOK_FAILED", { values, cause });
  }
}

/** An object that is provided under several tokens has one life. */
function distinct(instances: readonly MadeInstance[]): MadeInstance[] {
  const seen = new Set<unknown>();
  return instances.filter(({ value }) => !seen.has(value) && seen.add(value));
}
