import type { CommandShape, OptionShape } from "./shape.js";

/** For fish. */
export function fishScript(commands: readonly CommandShape[]): string {
  return ["# Completion of rookery for fish.", ...commands.flatMap(commandLines)].join("\n");
}

function commandLines({ names, summary, options, operands }: CommandShape): string[] {
  const [name = ""] = names;
  const seen = quote(`__fish_seen_subcommand_from ${names.join(" ")}`);
  return [
    `complete -c rookery -f -n __fish_use_subcommand -a ${name} -d ${quote(summary)}`,
    ...(operands.length === 0 ? [] : [`complete -c rookery -f -n ${seen} -a ${quote(operands.join(" "))}`]),
    ...options.map((option) => `complete -c rookery -n ${seen} ${optionWords(option)}`),
  ];
}

function optionWords({ long, short, description, hasValue, choices }: OptionShape): string {
  const words = [`-l ${long.slice(2)}`];
  if (short !== undefined) words.push(`-s ${short.slice(1)}`);
  if (hasValue) words.push(choices.length === 0 ? "-r" : `-x -a ${quote(choices.join(" "))}`);
  return [...words, `-d ${quote(description)}`].join(" ");
}

function quote(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
