using System.CommandLine;
using Freshet.Cli.Consoles;
using Freshet.Cli.Shells;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet completion bash|zsh|fish</c>: prints the script with which a shell completes commands, options and files.</summary>
internal static class CompletionCommand
{
    public static Command Create(IConsoleStreams streams, Command root)
    {
        Argument<string> shell = new("SHELL") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        Command command = new("completion", "Print the script that makes a shell complete freshet's commands.") { shell };
        command.SetAction(parsed =>
        {
            (CommandShape shape, CommandShape[] commands) = CommandShape.Of(root);
            switch (parsed.GetValue(shell))
            {
                case "zsh":
                    ZshCompletion.Write(streams.Out, shape, commands);
                    break;
                case "fish":
                    FishCompletion.Write(streams.Out, shape, commands);
                    break;
                default:
                    BashCompletion.Write(streams.Out, shape, commands);
                    break;
            }

            return ExitCode.Done;
        });
        return command;
    }
}
