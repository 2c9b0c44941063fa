/** @param namespace - with or without the leading slash. */
export function toNamespaceName(namespace: string): string {
  return namespace.startsWith("/") ? namespace : `/${namespace}`;
}
