import type { CommandShape, OptionShape } from "./shape.js";

/** For zsh: sourced after compinit, or as a file `_rookery` on the fpath. */
export function zshScript(commands: readonly CommandShape[]): string {
  return `#compdef rookery
_rookery() {
  local -a commands
  commands=(
${commands.map(({ names, summary }) => `    ${quote(`${names[0] ?? ""}:${summary}`)}`).join("\n")}
  )
  if ((CURRENT == 2)); then
    _describe command commands
    return
  fi
  shift words
  ((CURRENT--))
  case $words[1] in
${commands.map(commandCase).join("\n")}
    help) _describe command commands ;;
  esac
}
if [ "$funcstack[1]" = "_rookery" ]; then
  _rookery "$@"
else
  compdef _rookery rookery
fi`;
}

function commandCase({ names, options, operands }: CommandShape): string {
  const operand = operands.length === 0 ? "*::file:_files" : `*:operand:(${operands.join(" ")})`;
  const specs = [...options.map(optionSpec), quote(operand)];
  return `    ${names.join("|")})\n      _arguments \\\n        ${specs.join(" \\\n        ")}\n      ;;`;
}

/** `'(-t --template)'{-t,--template}'[what it is]:value:(minimal chat)'`. */
function optionSpec({ long, short, description, hasValue, choices }: OptionShape): string {
  const value = hasValue ? `:value:${choices.length === 0 ? "_files" : `(${choices.join(" ")})`}` : "";
  const text = `[${description.replace(/[[\]:]/g, "\\$&")}]${value}`;
  if (short === undefined) return quote(`${long}${text}`);
  return `${quote(`(${short} ${long})`)}{${short},${long}}${quote(text)}`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
