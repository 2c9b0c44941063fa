import { Transform } from "class-transformer";
import { IsNotEmpty, IsString, Matches, MaxLength } from "class-validator";

/** Letters of any script, emoji, punctuation and spaces; no control characters and nothing that reverses the line. */
const VISIBLE_TEXT = /^[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}\u200c\u200d]*$/u;
const EDGES = /^[\s\p{Cf}]+|[\s\p{Cf}]+$/gu;

/** The text people typed, as it is stored and shown: one Unicode form, single spaces, nothing invisible at its ends. */
export function tidyName(text: string): string {
  return text.normalize("NFKC").replace(EDGES, "").replace(/\s+/gu, " ");
}

/** What makes two names the same: case and invisible joiners do not tell Ann from ann. */
export function nameKey(name: string): string {
  return name.toLowerCase().replace(/\p{Cf}/gu, "");
}

/** A name that others will read: tidied first, then checked. */
export function IsDisplayName(noun: string, maxLength: number): PropertyDecorator {
  const rules = [
    Transform(({ value }: { value: unknown }) => (typeof value === "string" ? tidyName(value) : value)),
    IsString({ message: `The ${noun} must be text.` }),
    IsNotEmpty({ message: `The ${noun} is empty.` }),
    MaxLength(maxLength, { message: `The ${noun} is too long: ${String(maxLength)} characters at most.` }),
    Matches(VISIBLE_TEXT, { message: `The ${noun} has characters that cannot be shown.` }),
  ];
  return (target, property) => {
    for (const rule of rules) rule(target, property);
  };
}
