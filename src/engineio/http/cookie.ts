import { serialize, type SerializeOptions } from "cookie";
import { EngineError } from "../errors.js";

/** Attributes of the session's cookie, as the package `cookie` takes them (`maxAge` in seconds). */
export interface CookieOptions extends Omit<SerializeOptions, "path"> {
  /** @default "io" */
  name?: string;
  /** `false` leaves the attribute away. @default "/" */
  path?: string | false;
}

/** Writes the cookie that holds a session's id. */
export type CookieWriter = (id: string) => string;

/**
 * Makes the writer of the session's cookie.
 *
 * @param setting - `true` for all defaults (name "io", path "/", `httpOnly`, `sameSite: "lax"`).
 * @returns undefined when no cookie is asked for.
 * @throws EngineError `ENGINE_BAD_OPTION` when a name or an attribute cannot stand in a cookie.
 */
export function createCookieWriter(setting: boolean | CookieOptions | undefined): CookieWriter | undefined {
  if (!setting) return undefined;
  const given = setting === true ? {} : setting;
  const { name, path, ...attributes } = { name: "io", path: "/", httpOnly: true, sameSite: "lax" as const, ...given };
  const options: SerializeOptions = path === false ? attributes : { ...attributes, path };
  const write: CookieWriter = (id) => serialize(name, id, options);
  assertWritable(write);
  return write;
}

/** Found out at the start, not by the first client. */
function assertWritable(write: CookieWriter): void {
  try {
    write("");
  } catch (error) {
    const value = error instanceof Error ? error.message : String(error);
    const values = { option: "cookie", value: `unusable (${value})`, expected: "a valid cookie name and attributes" };
    throw new EngineError("ENGINE_BAD_OPTION", { values, cause: error });
  }
}
