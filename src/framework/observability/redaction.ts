import { types } from "node:util";
import { CodedError } from "../../common/index.js";

/** What stands in the place of a secret. */
export const REDACTED = "[redacted]";

/** Names, without case and punctuation, whose values are secrets wherever they stand. */
const SECRET_NAMES = [
  "apikey",
  "auth",
  "authorization",
  "cookie",
  "cookies",
  "credentials",
  "csrf",
  "jwt",
  "passphrase",
  "passwd",
  "privatekey",
  "proxyauthorization",
  "pwd",
  "sessionid",
  "setcookie",
  "sid",
  "xapikey",
];

/** Whatever ends so is one too: `accessToken`, `client_secret`, `oldPassword`. */
const SECRET_ENDINGS = /(token|secret|password)s?$/;

const MAX_DEPTH = 6;
const MAX_ITEMS = 100;

/** Secrets within a text: `Authorization` values, and parameters of URLs. */
const BEARER = /\b(Bearer|Basic) [\w.~+/=-]+/gi;
const PARAMETER = /([?&;][\w.-]*(?:token|secret|password|auth|api_?key|sid|jwt)=)[^&;\s#"']+/gi;

/** Takes secrets out of what is logged. It is a net and no proof: what must not leak, do not log. */
export class Redaction {
  readonly #names: ReadonlySet<string>;

  /** @param names - more names of secrets; case and punctuation do not matter. */
  constructor(names: readonly string[] = []) {
    this.#names = new Set([...SECRET_NAMES, ...names.map(bare)]);
  }

  /** A copy of plain data without secrets, of bounded depth and length; errors as `{ name, message, stack, … }`. */
  fields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
    return this.#object(fields, 0);
  }

  text(text: string): string {
    return text.replace(BEARER, `$1 ${REDACTED}`).replace(PARAMETER, `$1${REDACTED}`);
  }

  #value(name: string, value: unknown, depth: number): unknown {
    if (this.#isSecret(name) && value !== undefined && value !== null) return REDACTED;
    if (typeof value === "string") return this.text(value);
    if (typeof value === "bigint" || typeof value === "symbol") return String(value);
    if (typeof value !== "object" || value === null) return typeof value === "function" ? "[function]" : value;
    try {
      return this.#structure(value, depth);
    } catch {
      return "[unreadable]";
    }
  }

  #structure(value: object, depth: number): unknown {
    // Not `instanceof`: under jest, errors of node's own modules belong to another realm.
    if (types.isNativeError(value)) return this.#error(value, depth);
    if (types.isDate(value)) return value.toJSON();
    if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) return `[${value.byteLength} bytes]`;
    if (depth >= MAX_DEPTH) return Array.isArray(value) ? "[array]" : "[object]";
    if (Array.isArray(value)) return this.#array(value, depth);
    if (types.isMap(value)) return this.#object(Object.fromEntries(value) as Record<string, unknown>, depth);
    if (types.isSet(value)) return this.#array([...value], depth);
    return this.#object(value as Record<string, unknown>, depth);
  }

  #array(items: readonly unknown[], depth: number): unknown[] {
    const shown = items.slice(0, MAX_ITEMS).map((item) => this.#value("", item, depth + 1));
    return items.length > MAX_ITEMS ? [...shown, `[${items.length - MAX_ITEMS} more]`] : shown;
  }

  #object(object: Readonly<Record<string, unknown>>, depth: number): Record<string, unknown> {
    const entries = Object.entries(object).slice(0, MAX_ITEMS);
    return Object.fromEntries(entries.map(([name, value]) => [name, this.#value(name, value, depth + 1)]));
  }

  #error(error: Error, depth: number): Record<string, unknown> {
    const { name, message, stack, cause } = error;
    return {
      name,
      message: this.text(message),
      ...(typeof stack === "string" && { stack: this.text(stack) }),
      ...(cause !== undefined && depth < MAX_DEPTH && { cause: this.#value("cause", cause, depth + 1) }),
      ...(CodedError.isCoded(error) && { mend: error.mend }),
      ...this.#object(error as unknown as Record<string, unknown>, depth),
    };
  }

  #isSecret(name: string): boolean {
    const plain = bare(name);
    return this.#names.has(plain) || SECRET_ENDINGS.test(plain);
  }
}

function bare(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}
