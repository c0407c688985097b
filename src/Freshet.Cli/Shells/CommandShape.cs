using System.CommandLine;
using System.CommandLine.Completions;
using Freshet.Cli.Parsing;

namespace Freshet.Cli.Shells;

/// <summary>A command as a shell's completion needs it, derived from the command itself so that the two cannot differ.</summary>
internal sealed record CommandShape(
    string Name, string Description, IReadOnlyList<OptionShape> Options, IReadOnlyList<ArgumentShape> Arguments)
{
    /// <summary>The root's options, and its commands in their order.</summary>
    public static (CommandShape Root, CommandShape[] Commands) Of(Command root)
    {
        Option[] recursive = [.. root.Options.Where(option => option.Recursive)];
        return (Of(root, []), [.. root.Subcommands.Select(command => Of(command, recursive))]);
    }

    private static CommandShape Of(Command command, Option[] inherited) => new(
        command.Name,
        command.Description ?? "",
        [.. command.Options.Concat(inherited).Where(option => !option.Hidden).Select(Of)],
        [.. command.Arguments.Where(argument => !argument.Hidden).Select(Of)]);

    private static OptionShape Of(Option option)
    {
        // -? and /? are Windows conventions for help; no shell needs to complete them.
        string[] names = [.. option.Aliases.Prepend(option.Name).Where(name => name.StartsWith('-') && name != "-?")];
        string[] choices = [.. option.GetCompletions(CompletionContext.Empty).Select(item => item.Label)];
        bool takesValue = option.Arity.MaximumNumberOfValues > 0 && option.ValueType != typeof(bool);
        bool many = option.Arity.MaximumNumberOfValues > 1;
        return new OptionShape(
            names,
            option.Description ?? "",
            takesValue ? KindOf(option.ValueType, choices) : ValueKind.None,
            option.HelpName ?? "VALUE",
            many);
    }

    private static ArgumentShape Of(Argument argument)
    {
        string[] choices = [.. argument.GetCompletions(CompletionContext.Empty).Select(item => item.Label)];
        return new ArgumentShape(argument.Name, KindOf(argument.ValueType, choices), choices, argument.Arity.MaximumNumberOfValues > 1);
    }

    private static ValueKind KindOf(Type type, string[] choices)
    {
        if (choices.Length > 0)
            return ValueKind.Choice;
        if (type == typeof(FileInfo) || type == typeof(FileSystemInfo))
            return ValueKind.File;
        if (type == typeof(DirectoryInfo))
            return ValueKind.Folder;
        return type == typeof(TorrentReference) || type == typeof(TorrentReference[]) ? ValueKind.Torrent : ValueKind.Text;
    }
}
