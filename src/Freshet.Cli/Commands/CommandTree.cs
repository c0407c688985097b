using System.CommandLine;
using System.CommandLine.Help;
using Freshet.Cli.Consoles;

namespace Freshet.Cli.Commands;

/// <summary>All commands of <c>freshet</c>.</summary>
internal static class CommandTree
{
    // In the order of the help. Written as lambdas, so that no command's code is loaded before it is called.
    private static readonly (string Name, Func<IConsoleStreams, Command> Create)[] Commands =
    [
        ("download", static streams => DownloadCommand.Create(streams)),
        ("stream", static streams => StreamCommand.Create(streams)),
        ("seed", static streams => SeedCommand.Create(streams)),
        ("list", static streams => ListCommand.Create(streams)),
        ("forget", static streams => ForgetCommand.Create(streams)),
        ("move", static streams => MoveCommand.Create(streams)),
        ("recheck", static streams => RecheckCommand.Create(streams)),
        ("create", static streams => CreateCommand.Create(streams)),
        ("info", static streams => InfoCommand.Create(streams)),
        ("verify", static streams => VerifyCommand.Create(streams)),
        ("decode", static streams => DecodeCommand.Create(streams)),
        ("peers", static streams => PeersCommand.Create(streams)),
        ("scrape", static streams => ScrapeCommand.Create(streams)),
        ("handshake", static streams => HandshakeCommand.Create(streams)),
        ("piece", static streams => PieceCommand.Create(streams)),
        ("tracker", static streams => TrackerCommand.Create(streams)),
        ("daemon", static streams => DaemonCommand.Create(streams)),
        ("dht", static streams => DhtCommand.Create(streams)),
        ("add", static streams => AddCommand.Create(streams)),
        ("limits", static streams => LimitsCommand.Create(streams)),
        ("log", static streams => LogCommand.Create(streams)),
        ("settings", static streams => SettingsCommand.Create(streams)),
        ("statistics", static streams => StatisticsCommand.Create(streams)),
        ("show", static streams => ShowCommand.Create(streams)),
        ("files", static streams => FilesCommand.Create(streams)),
        ("rename", static streams => RenameCommand.Create(streams)),
        ("export", static streams => ExportCommand.Create(streams)),
        ("demo", static streams => DemoCommand.Create(streams)),
        ("start", static streams => TorrentActionCommands.CreateStart(streams)),
        ("stop", static streams => TorrentActionCommands.CreateStop(streams)),
        ("reannounce", static streams => TorrentActionCommands.CreateReannounce(streams)),
        ("remove", static streams => TorrentActionCommands.CreateRemove(streams)),
        ("queue", static streams => TorrentActionCommands.CreateQueue(streams)),
        ("set", static streams => TorrentActionCommands.CreateSet(streams)),
    ];

    /// <summary>
    /// Creates the command that a command line names, or all of them: their options take a fifth of the time that the program needs to
    /// start.
    /// </summary>
    /// <param name="streams">Where the commands read and write.</param>
    /// <param name="args">The command line, without the program's name.</param>
    public static Command Create(IConsoleStreams streams, IReadOnlyList<string> args)
    {
        VersionOption version = ProgramVersionOption.Create(streams);

        // A plain command and not a RootCommand, which would take its name from the running file: "dotnet", or a test.
        Command root = new("freshet", "Freshet, a BitTorrent client.") { Help(streams), version };
        string? first = args.Count > 0 ? args[0] : null;
        if (args.Count == 1 && first == version.Name)
            return root;
        Func<IConsoleStreams, Command>? named = Array.Find(Commands, command => command.Name == first).Create;
        if (named is not null)
        {
            root.Add(named(streams));
            return root;
        }

        foreach ((_, Func<IConsoleStreams, Command> create) in Commands)
            root.Add(create(streams));
        root.Add(CompletionCommand.Create(streams, root));
        return root;
    }

    // The width is asked for here, since the framework's console, which would be asked otherwise, changes the mode of a terminal.
    private static HelpOption Help(IConsoleStreams streams) => new()
    {
        Description = "Show help and usage.",
        Action = new HelpAction { MaxWidth = streams.OutIsTerminal ? streams.Width : int.MaxValue },
    };
}
