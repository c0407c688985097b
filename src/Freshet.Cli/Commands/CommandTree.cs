using System.CommandLine;
using System.CommandLine.Help;
using Freshet.Cli.Consoles;

namespace Freshet.Cli.Commands;

/// <summary>All commands of <c>freshet</c>.</summary>
internal static class CommandTree
{
    public static Command Create(IConsoleStreams streams)
    {
        // A plain command and not a RootCommand, which would take its name from the running file: "dotnet", or a test.
        Command root = new("freshet", "Freshet, a BitTorrent client.")
        {
            DownloadCommand.Create(streams),
            StreamCommand.Create(streams),
            SeedCommand.Create(streams),
            ListCommand.Create(streams),
            ForgetCommand.Create(streams),
            MoveCommand.Create(streams),
            RecheckCommand.Create(streams),
            CreateCommand.Create(streams),
            InfoCommand.Create(streams),
            VerifyCommand.Create(streams),
            DecodeCommand.Create(streams),
            PeersCommand.Create(streams),
            ScrapeCommand.Create(streams),
            HandshakeCommand.Create(streams),
            PieceCommand.Create(streams),
            TrackerCommand.Create(streams),
            DaemonCommand.Create(streams),
            DhtCommand.Create(streams),
            AddCommand.Create(streams),
            LimitsCommand.Create(streams),
            LogCommand.Create(streams),
            SettingsCommand.Create(streams),
            StatisticsCommand.Create(streams),
            ShowCommand.Create(streams),
            FilesCommand.Create(streams),
            RenameCommand.Create(streams),
            ExportCommand.Create(streams),
            DemoCommand.Create(streams),
            Help(streams),
            ProgramVersionOption.Create(streams),
        };
        foreach (Command command in TorrentActionCommands.Create(streams))
            root.Add(command);
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
