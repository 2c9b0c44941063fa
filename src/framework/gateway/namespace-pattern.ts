import {
  checkPattern,
  escapeText,
  groupNames,
  isRegExp,
  readGroups,
  toExpression,
  type PatternFault,
  type PatternPart,
} from "./pattern-text.js";

/** The names of the parameters in a path such as `"/orders/:id"`. */
export type PathParams<Path extends string> = Path extends `${infer Part}/${infer Rest}`
  ? PathParams<Part> | PathParams<Rest>
  : Path extends `:${infer Name}`
    ? Name
    : never;

/** Which namespaces a gateway serves. */
export interface NamespacePattern {
  /** `static`: one name. `path`: names with parameters in them. `expression`: names that a RegExp finds. */
  readonly kind: "static" | "path" | "expression";
  /** The pattern as text; what two gateways have in common that share a namespace. */
  readonly name: string;
  /** Names of the parameters in order; groups of a RegExp without a name are counted from 0. */
  readonly params: readonly string[];
  /** `undefined` for one name. */
  readonly expression: RegExp | undefined;
  /** The parts of a path, by which the more specific one of several is found. */
  readonly parts: readonly PatternPart[];
}

/**
 * @param owner - the gateway, for errors.
 * @throws GatewayError `GATEWAY_BAD_NAMESPACE`
 */
export function toNamespacePattern(pattern: unknown, owner: string): NamespacePattern {
  checkPattern({ pattern, where: owner }, "GATEWAY_BAD_NAMESPACE", faultOf);
  return isRegExp(pattern) ? fromExpression(pattern) : fromText(pattern as string);
}

/** The parameters in the name of a namespace that matches, decoded; what cannot be decoded stays as it is. */
export function readParams({ expression, params }: NamespacePattern, name: string): Readonly<Record<string, string>> {
  const groups = expression === undefined ? undefined : readGroups(expression, params, name);
  return Object.fromEntries(Object.entries(groups ?? {}).map(([param, value]) => [param, decoded(value)]));
}

function fromExpression(expression: RegExp): NamespacePattern {
  return { kind: "expression", name: String(expression), params: groupNames(expression), expression, parts: [] };
}

function fromText(pattern: string): NamespacePattern {
  const name = pattern.startsWith("/") ? pattern : `/${pattern}`;
  const segments = name.slice(1).split("/");
  const params = segments.filter(isParam).map((segment) => segment.slice(1));
  if (params.length === 0) return { kind: "static", name, params, expression: undefined, parts: [] };
  const parts = segments.map((segment): PatternPart =>
    isParam(segment) ? { kind: "one", source: "\\/([^/]+)" } : { kind: "text", source: `\\/${escapeText(segment)}` },
  );
  return { kind: "path", name, params, expression: toExpression(parts), parts };
}

function faultOf(pattern: unknown): PatternFault | undefined {
  if (typeof pattern !== "string") {
    return { problem: "is neither text nor a RegExp", mend: 'Write a name such as "/chat".' };
  }
  if (/[,?]/.test(pattern)) {
    return { problem: "has a character that ends the name on the wire", mend: "Leave out commas and question marks." };
  }
  if (pattern.includes("*")) {
    return { problem: "has a wildcard", mend: 'Write parameters, such as "/orders/:id", or a RegExp.' };
  }
  return paramFault(pattern.split("/").filter(isParam));
}

function paramFault(params: readonly string[]): PatternFault | undefined {
  const misnamed = params.find((param) => !/^:[A-Za-z_$][\w$]*$/.test(param));
  if (misnamed !== undefined) {
    return {
      problem: `has the parameter "${misnamed}"`,
      mend: "Name parameters with letters, digits and underscores, each between two slashes.",
    };
  }
  const twice = params.find((param, index) => params.indexOf(param) !== index);
  return twice === undefined
    ? undefined
    : { problem: `has the parameter "${twice}" twice`, mend: "Give each parameter a name of its own." };
}

function isParam(segment: string): boolean {
  return segment.startsWith(":");
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
