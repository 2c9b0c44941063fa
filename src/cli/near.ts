import { distance } from "fastest-levenshtein";

/** Half a word of typing mistakes is no mistake, but another word. */
const MAX_SHARE = 0.4;

const MIN_BEGINNING = 2;

/** The candidate that was probably meant: the one that begins so, or else the closest; `undefined` when none is close. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const begun = candidates.filter((candidate) => candidate.toLowerCase().startsWith(word.toLowerCase()));
  if (word.length >= MIN_BEGINNING && begun.length === 1) return begun[0];
  const ranked = candidates
    .map((candidate) => ({ candidate, apart: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.apart - b.apart);
  const [best] = ranked;
  return best !== undefined && best.apart <= Math.max(2, best.candidate.length * MAX_SHARE)
    ? best.candidate
    : undefined;
}

/** "Did you mean x?", or else which there are. */
export function suggest(word: string, candidates: readonly string[]): string {
  const meant = nearest(word, candidates);
  if (meant !== undefined) return `Did you mean ${meant}?`;
  return candidates.length === 0 ? "There is none." : `There are: ${candidates.join(", ")}.`;
}
