import { CliError } from "../errors.js";
import type { GivenName } from "../generators/generator.js";

/** A name, and the folders that it stands in: `orders/line-item`. */
export interface PlacedName {
  readonly name: GivenName;
  /** Relative, with slashes; empty when there is none. */
  readonly folder: string;
}

const SEGMENT = /^[a-z][\w-]*$/i;
const MAX_NAME_LENGTH = 100;

/**
 * Reads a name as it was given. The kind at its end is what the class gets anyway: a gateway called `ChatGateway`, or
 * `chat.gateway.ts`, is `chat`.
 *
 * @throws CliError `CLI_BAD_CLASS_NAME`
 */
export function parseName(given: string, kind: string): PlacedName {
  const segments = withoutKind(given, kind).split("/");
  const problem = findProblem(given, segments);
  if (problem !== undefined) throw new CliError("CLI_BAD_CLASS_NAME", { values: { name: given, kind, problem } });
  return { name: toForms(segments.at(-1) ?? ""), folder: segments.slice(0, -1).join("/") };
}

function findProblem(given: string, segments: readonly string[]): string | undefined {
  if (given.length > MAX_NAME_LENGTH) return `it has more than ${MAX_NAME_LENGTH} characters`;
  const wrong = segments.find((segment) => !SEGMENT.test(segment));
  if (wrong === undefined) return undefined;
  return wrong === "" ? "a part of it is empty" : `"${wrong}" is no name of a file and a class`;
}

function withoutKind(given: string, kind: string): string {
  const name = given.replace(/\.ts$/, "");
  const endings = [`.${kind}`, capitalize(kind), kind.toUpperCase()];
  const ending = endings.find((each) => name.endsWith(each));
  const bare = ending === undefined ? given : name.slice(0, -ending.length);
  return bare === "" || bare.endsWith("/") ? given : bare;
}

function toForms(text: string): GivenName {
  const words = text
    .replace(/([a-z\d])([A-Z])/g, "$1-$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1-$2")
    .split(/[-_]+/)
    .filter((word) => word !== "")
    .map((word) => word.toLowerCase());
  const pascal = words.map(capitalize).join("");
  return { kebab: words.join("-"), pascal, camel: `${pascal.charAt(0).toLowerCase()}${pascal.slice(1)}` };
}

function capitalize(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}
