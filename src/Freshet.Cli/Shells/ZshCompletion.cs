namespace Freshet.Cli.Shells;

/// <summary>Writes the completion script for zsh: to be sourced, or put into a folder of <c>$fpath</c> as <c>_freshet</c>.</summary>
internal static class ZshCompletion
{
    public static void Write(TextWriter output, CommandShape root, IReadOnlyList<CommandShape> commands)
    {
        output.WriteLine("""
            #compdef freshet
            # Completion of freshet for zsh. To have it in every shell: freshet completion zsh > ~/.zfunc/_freshet, with ~/.zfunc in $fpath.
            _freshet() {
                local curcontext="$curcontext" state line
                typeset -A opt_args
                local -a commands
                commands=(
            """);
        foreach (CommandShape command in commands)
            output.WriteLine($"        {Quote(command.Name + ":" + command.Description.Replace(":", "\\:", StringComparison.Ordinal))}");
        output.WriteLine("    )");
        output.WriteLine("    _arguments -C \\");
        foreach (OptionShape option in root.Options)
            WriteOption(output, option, "        ");
        output.WriteLine("""
                    '1:command:->command' \
                    '*::argument:->argument' && return
                case $state in
                    command) _describe -t commands command commands ;;
                    argument)
                        case $line[1] in
            """);
        foreach (CommandShape command in commands)
            WriteCommand(output, command);
        output.WriteLine("""
                        esac ;;
                esac
            }

            if [ "$funcstack[1]" = _freshet ]; then _freshet "$@"; else compdef _freshet freshet; fi
            """);
    }

    private static void WriteCommand(TextWriter output, CommandShape command)
    {
        output.WriteLine($"                {command.Name})");
        output.WriteLine("                    _arguments \\");
        foreach (OptionShape option in command.Options)
            WriteOption(output, option, "                        ");
        for (int i = 0; i < command.Arguments.Count; i++)
        {
            ArgumentShape argument = command.Arguments[i];
            string place = argument.Many ? "*" : (i + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
            output.WriteLine(
                $"                        {Quote($"{place}:{Escape(argument.Name)}:{Offer(argument.Kind, argument.Choices)}")} \\");
        }

        output.WriteLine("                    ;;");
    }

    private static void WriteOption(TextWriter output, OptionShape option, string indent)
    {
        string value = option.Kind == ValueKind.None ? "" : $":{Escape(option.ValueName)}:{Offer(option.Kind, [])}";
        string repeated = option.Many ? "*" : $"({string.Join(' ', option.Names)})";
        foreach (string name in option.Names)
            output.WriteLine($"{indent}{Quote($"{repeated}{name}[{Escape(option.Description)}]{value}")} \\");
    }

    private static string Offer(ValueKind kind, IReadOnlyList<string> choices) => kind switch
    {
        ValueKind.Torrent => "_files -g \"*.torrent\"",
        ValueKind.Folder => "_files -/",
        ValueKind.File => "_files",
        ValueKind.Choice => $"({string.Join(' ', choices)})",
        _ => " ",
    };

    private static string Escape(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("[", "\\[", StringComparison.Ordinal)
        .Replace("]", "\\]", StringComparison.Ordinal)
        .Replace(":", "\\:", StringComparison.Ordinal);

    private static string Quote(string text) => "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
