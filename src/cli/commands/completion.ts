import { completionScript, SHELLS, type Shell } from "../completion/script.js";
import { defineCommand, exampleText } from "../command.js";

/** `rookery completion`. */
export const completionCommand = defineCommand<[shell: Shell], object>({
  configure: (command) => {
    command
      .description("Write a script that teaches a shell the commands and options of rookery.")
      .addArgument(command.createArgument("<shell>", "the shell").choices(SHELLS))
      .addHelpText(
        "after",
        exampleText([
          'eval "$(rookery completion bash)"     # in ~/.bashrc',
          'eval "$(rookery completion zsh)"      # in ~/.zshrc, after compinit',
          "rookery completion fish > ~/.config/fish/completions/rookery.fish",
        ]),
      );
  },
  run: async ({ output, describe }, [shell]) => {
    output.print(completionScript(shell, await describe()));
    return 0;
  },
});
