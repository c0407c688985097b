namespace Freshet.Cli.Shells;

/// <summary>Writes the completion script for fish.</summary>
internal static class FishCompletion
{
    public static void Write(TextWriter output, CommandShape root, IReadOnlyList<CommandShape> commands)
    {
        output.WriteLine("# Completion of freshet for fish. To have it in every shell: "
            + "freshet completion fish > ~/.config/fish/completions/freshet.fish");
        output.WriteLine("complete -c freshet -f");
        foreach (OptionShape option in root.Options)
            WriteOption(output, "__fish_use_subcommand", option);
        foreach (CommandShape command in commands)
            output.WriteLine($"complete -c freshet -n __fish_use_subcommand -a {command.Name} -d {Quote(command.Description)}");
        foreach (CommandShape command in commands)
        {
            string condition = Quote("__fish_seen_subcommand_from " + command.Name);
            foreach (OptionShape option in command.Options)
                WriteOption(output, condition, option);
            IEnumerable<string> offers = command.Arguments.Select(argument => Offer(argument.Kind, argument.Choices));
            foreach (string offer in offers.Where(offer => offer.Length > 0).Distinct())
                output.WriteLine($"complete -c freshet -n {condition} {offer}");
        }
    }

    private static void WriteOption(TextWriter output, string condition, OptionShape option)
    {
        IEnumerable<string> names = option.Names.Select(
            name => name.StartsWith("--", StringComparison.Ordinal) ? "-l " + name[2..] : "-s " + name[1..]);
        string value = option.Kind switch
        {
            ValueKind.None => "",
            ValueKind.Text => " -x",
            ValueKind.Folder => " -x " + Offer(option.Kind, []),
            _ => " -r " + Offer(option.Kind, []),
        };
        output.WriteLine($"complete -c freshet -n {condition} {string.Join(' ', names)} -d {Quote(option.Description)}{value}");
    }

    private static string Offer(ValueKind kind, IReadOnlyList<string> choices) => kind switch
    {
        ValueKind.Torrent => "-k -a '(__fish_complete_suffix .torrent)'",
        ValueKind.Folder => "-a '(__fish_complete_directories)'",
        ValueKind.File => "-F",
        ValueKind.Choice => $"-a '{string.Join(' ', choices)}'",
        _ => "",
    };

    private static string Quote(string text) =>
        "'" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal) + "'";
}
