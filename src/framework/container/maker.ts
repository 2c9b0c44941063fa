import { isThenable } from "../../common/index.js";
import { GatewayException } from "../client-errors.js";
import { tokenName } from "../contracts/class.js";
import { GatewayError } from "../errors.js";
import type { MethodKey } from "../metadata/types.js";
import { messageOf } from "../thrown.js";
import type { Box, BoxOrPromise } from "./box.js";
import { Placeholder } from "./placeholder.js";
import type { Link } from "./links.js";
import type { ProviderNode } from "./provider-node.js";

/** What an instance gets when the other side of its circle exists. */
interface Debt {
  readonly provider: ProviderNode;
  readonly pay: (instance: unknown) => void;
}

/** What is still owed to instances that `forwardRef` has made early. */
export class Debts {
  readonly #open: Debt[] = [];

  get areNone(): boolean {
    return this.#open.length === 0;
  }

  add(debt: Debt): void {
    this.#open.push(debt);
  }

  /**
   * @param resolve - may make further instances, which may be owed something too.
   * @returns a promise when one of them has to be waited for.
   */
  settle(resolve: (provider: ProviderNode) => BoxOrPromise): Promise<void> | undefined {
    for (let debt = this.#open.shift(); debt !== undefined; debt = this.#open.shift()) {
      const { pay, provider } = debt;
      const box = resolve(provider);
      if (isThenable(box)) {
        return box.then(({ value }) => {
          pay(value);
          return this.settle(resolve);
        });
      }
      pay(box.value);
    }
    return undefined;
  }
}

/**
 * Makes one instance.
 *
 * @param values - what it asks for, in the order of `links`; what is deferred is left `undefined`.
 * @throws GatewayError `GATEWAY_PROVIDER_FAILED` with the cause; a `GatewayException` goes on as it is, for the client.
 */
export function makeInstance(
  provider: ProviderNode,
  links: readonly Link[],
  values: readonly unknown[],
  debts: Debts,
): BoxOrPromise {
  const promised = links.some(({ isDeferred }) => isDeferred) ? promise(provider, links) : [];
  const finish = (value: unknown): Box => {
    for (const { to, property, placeholder } of promised) {
      const pay = (instance: unknown): void => {
        if (property === undefined) placeholder?.fill(instance, value);
        else (value as Record<MethodKey, unknown>)[property] = instance;
      };
      if (to !== undefined) debts.add({ provider: to, pay });
    }
    return { value };
  };
  try {
    const created = provider.create(values.map((value, index) => promised[index]?.placeholder?.proxy ?? value));
    if (!provider.isAwaited || !isThenable(created)) return finish(created);
    return Promise.resolve(created).then(finish, (error: unknown) => {
      throw failed(provider, error);
    });
  } catch (error) {
    throw failed(provider, error);
  }
}

/** What stands in for one dependency until the other side of the circle exists. */
interface Promised {
  /** `undefined` for dependencies that are there at once. */
  readonly to: ProviderNode | undefined;
  readonly property: MethodKey | undefined;
  /** For parameters; properties are simply set later. */
  readonly placeholder: Placeholder | undefined;
}

function promise(owner: ProviderNode, links: readonly Link[]): Promised[] {
  return links.map(({ dependency: { property }, provider, isDeferred }) => {
    const to = isDeferred ? provider : undefined;
    const needsPlaceholder = to !== undefined && property === undefined;
    return { to, property, placeholder: needsPlaceholder ? new Placeholder(to, tokenName(owner.token)) : undefined };
  });
}

function failed(provider: ProviderNode, cause: unknown): Error {
  if (GatewayError.is(cause) || GatewayException.is(cause)) return cause;
  const values = { provider: tokenName(provider.token), module: provider.module, detail: messageOf(cause) };
  return new GatewayError("GATEWAY_PROVIDER_FAILED", { values, cause });
}
