/** Gives a value a name under which generated code knows it. */
export type NameOf = (value: unknown) => string;

/**
 * Makes a function of text, so that the engine sees which property each place reads and can inline what is asked of it: a
 * loop over all properties takes several times as long (bench/micro/validation.ts). All that stands in the text are names
 * of properties, as JSON, and limits that are numbers; every other value gets there by a name.
 *
 * @param write - returns the body; what it returns is returned.
 * @returns `undefined` where code may not be made of text (`--disallow-code-generation-from-strings`).
 */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the text says what it is, not the compiler
export function generated<Result>(write: (nameOf: NameOf) => string): Result | undefined {
  const names = new Map<unknown, string>();
  const body = write((value) => {
    const name = names.get(value) ?? `k${names.size}`;
    names.set(value, name);
    return name;
  });
  try {
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- no text of a client gets here
    const make = new Function(...names.values(), `"use strict";\n${body}`) as (...given: unknown[]) => Result;
    return make(...names.keys());
  } catch (error) {
    if (error instanceof EvalError) return undefined;
    throw error;
  }
}
