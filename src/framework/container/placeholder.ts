import { tokenName } from "../contracts/class.js";
import { GatewayError } from "../errors.js";
import type { ProviderNode } from "./provider-node.js";

/**
 * Stands in for a provider that a constructor asks for before it is made. When it is made, everything that is asked of the
 * placeholder is asked of it, private members included; public properties that hold the placeholder then get the
 * instance itself.
 */
export class Placeholder {
  readonly proxy: object;
  readonly #provider: ProviderNode;
  readonly #holder: string;
  #instance: object | undefined;

  /** @param holder - who is given it, for errors. */
  constructor(provider: ProviderNode, holder: string) {
    this.#provider = provider;
    this.#holder = holder;
    this.proxy = new Proxy({}, this.#handler());
  }

  /** @param holder - what was constructed with the placeholder. */
  fill(instance: unknown, holder: unknown): void {
    if (!isObject(instance)) return;
    this.#instance = instance;
    if (!isObject(holder)) return;
    for (const key of Reflect.ownKeys(holder)) {
      const property = Reflect.getOwnPropertyDescriptor(holder, key);
      if (property?.value === this.proxy) Reflect.set(holder, key, instance);
    }
  }

  #target(): object {
    if (this.#instance !== undefined) return this.#instance;
    const values = { holder: this.#holder, token: tokenName(this.#provider.token) };
    throw new GatewayError("GATEWAY_FORWARD_REF_EARLY", { values });
  }

  #handler(): ProxyHandler<object> {
    const target = (): object => this.#target();
    return {
      get: (_target, key) => {
        // Whoever looks whether it has to be awaited does not use it yet.
        if (key === "then" && this.#instance === undefined) return undefined;
        const value: unknown = Reflect.get(target(), key);
        // Private members are found on the instance alone.
        return typeof value === "function" && key !== "constructor" ? (value.bind(target()) as unknown) : value;
      },
      set: (_target, key, value) => Reflect.set(target(), key, value),
      has: (_target, key) => Reflect.has(target(), key),
      ownKeys: () => Reflect.ownKeys(target()),
      getPrototypeOf: () => Reflect.getPrototypeOf(target()),
      getOwnPropertyDescriptor: (_target, key) => {
        const property = Reflect.getOwnPropertyDescriptor(target(), key);
        // A proxy may only report what its own target could still become.
        return property && { ...property, configurable: true };
      },
    };
  }
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}
