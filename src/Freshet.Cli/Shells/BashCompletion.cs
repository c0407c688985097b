namespace Freshet.Cli.Shells;

/// <summary>Writes the completion script for bash (3.2 and later, without the bash-completion package).</summary>
internal static class BashCompletion
{
    public static void Write(TextWriter output, CommandShape root, IReadOnlyList<CommandShape> commands)
    {
        string names = string.Join(' ', commands.Select(command => command.Name));
        output.WriteLine($$"""
            # Completion of freshet for bash. To have it in every shell: echo 'eval "$(freshet completion bash)"' >> ~/.bashrc
            _freshet_files() {
                # What was typed may be quoted; names on disk are not, and readline quotes what it puts in.
                local IFS=$'\n' name=${cur//[\\\'\"]/}
                compopt -o filenames 2> /dev/null
                case $1 in
                    torrent) COMPREPLY+=($(compgen -f -X '!*.[tT][oO][rR][rR][eE][nN][tT]' -- "$name") $(compgen -d -- "$name")) ;;
                    folder) COMPREPLY+=($(compgen -d -- "$name")) ;;
                    *) COMPREPLY+=($(compgen -f -- "$name")) ;;
                esac
            }

            _freshet() {
                local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command= i
                COMPREPLY=()
                for ((i = 1; i < COMP_CWORD; i++)); do
                    [[ ${COMP_WORDS[i]} == -* ]] || { command=${COMP_WORDS[i]}; break; }
                done
                case $command in
                    '') COMPREPLY=($(compgen -W '{{names}} {{Names(root)}}' -- "$cur")) ;;
            """);
        foreach (CommandShape command in commands)
            WriteCommand(output, command);
        output.WriteLine("""
                esac
            }

            complete -F _freshet freshet
            """);
    }

    private static void WriteCommand(TextWriter output, CommandShape command)
    {
        output.WriteLine($"        {command.Name})");
        OptionShape[] withValue = [.. command.Options.Where(option => option.Kind != ValueKind.None)];
        if (withValue.Length > 0)
        {
            output.WriteLine("            case $prev in");
            foreach (OptionShape option in withValue)
                output.WriteLine($"                {string.Join('|', option.Names)}) {Offer(option.Kind, [])}return ;;");
            output.WriteLine("            esac");
        }

        output.WriteLine($"            if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W '{Names(command)}' -- \"$cur\")); return; fi");

        // Where torrents are offered, folders are too, so that the user can descend into them.
        bool offersTorrents = command.Arguments.Any(argument => argument.Kind == ValueKind.Torrent);
        foreach (ArgumentShape argument in command.Arguments.Where(argument => !(offersTorrents && argument.Kind == ValueKind.Folder)))
            output.WriteLine("            " + Offer(argument.Kind, argument.Choices).TrimEnd(' ', ';'));
        output.WriteLine("            ;;");
    }

    private static string Offer(ValueKind kind, IReadOnlyList<string> choices) => kind switch
    {
        ValueKind.Torrent => "_freshet_files torrent; ",
        ValueKind.Folder => "_freshet_files folder; ",
        ValueKind.File => "_freshet_files file; ",
        ValueKind.Choice => $"COMPREPLY+=($(compgen -W '{string.Join(' ', choices)}' -- \"$cur\")); ",
        _ => "",
    };

    private static string Names(CommandShape command) => string.Join(' ', command.Options.SelectMany(option => option.Names));
}
