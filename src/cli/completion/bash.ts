import type { CommandShape } from "./shape.js";

/** For bash. */
export function bashScript(commands: readonly CommandShape[]): string {
  return `# Completion of rookery for bash.
_rookery() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} command="" words="" index
  for ((index = 1; index < COMP_CWORD; index++)); do
    if [[ \${COMP_WORDS[index]} != -* ]]; then
      command=\${COMP_WORDS[index]}
      break
    fi
  done
  case "$command $previous" in
${commands.flatMap(valueCases).join("\n")}
    *)
      case $command in
        "") words="${commands.map(({ names }) => names[0]).join(" ")} help --help --version" ;;
        help) words="${commands.map(({ names }) => names[0]).join(" ")}" ;;
${commands.map(commandCase).join("\n")}
      esac
      ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _rookery rookery`;
}

/** After an option that takes one of several values, or a file. */
function valueCases({ names, options }: CommandShape): string[] {
  return options
    .filter(({ hasValue }) => hasValue)
    .map(({ long, short, choices }) => {
      const flags = short === undefined ? [long] : [long, short];
      const places = names.flatMap((name) => flags.map((flag) => `"${name} ${flag}"`));
      return `    ${places.join(" | ")}) words="${choices.join(" ")}" ;;`;
    });
}

function commandCase({ names, options, operands }: CommandShape): string {
  return `        ${names.join(" | ")}) words="${[...operands, ...options.map(({ long }) => long)].join(" ")}" ;;`;
}
