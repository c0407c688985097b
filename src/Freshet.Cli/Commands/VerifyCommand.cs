using System.CommandLine;
using Freshet.Cli.Checks;
using Freshet.Cli.Consoles;
using Freshet.Cli.Output;
using Freshet.Cli.Parsing;
using Freshet.Cli.Sources;
using Freshet.Core.Peers;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet verify TORRENT -o DIR</c>: shows which pieces are verified and which files are complete.</summary>
internal sealed class VerifyCommand
{
    private readonly IConsoleStreams _streams;
    private readonly Argument<TorrentReference> _torrent = CommonOptions.Torrent();
    private readonly Option<DirectoryInfo> _output = CommonOptions.OutputFolder();
    private readonly Option<BindTarget?> _bind = CommonOptions.Bind();
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Option<bool> _quiet = CommonOptions.Quiet();
    private readonly Option<bool> _verbose = new("--verbose", "-v")
    {
        Description = "Print a line for every file, not only for those that are incomplete.",
    };

    // How the folder was given before there was -o.
    private readonly Argument<DirectoryInfo?> _folder = new("DIR") { Arity = ArgumentArity.ZeroOrOne, Hidden = true };

    private VerifyCommand(IConsoleStreams streams) => _streams = streams;

    public static Command Create(IConsoleStreams streams)
    {
        VerifyCommand verify = new(streams);
        Command command = new("verify", "Check data against a torrent; fails unless it is complete.")
        {
            verify._torrent, verify._folder, verify._output, verify._bind, verify._json, verify._quiet, verify._verbose,
        };
        command.SetAction(verify.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        LoadedTorrent loaded = await TorrentLoader.LoadAsync(
            parsed.GetValue(_torrent), parsed.GetValue(_bind), cancellationToken).ConfigureAwait(false);
        DirectoryInfo folder = parsed.GetValue(_folder) ?? parsed.GetRequiredValue(_output);
        DataFolder.Require(folder);
        bool quiet = parsed.GetValue(_quiet);
        TorrentVerification result;
        using (ProgressLine line = new(_streams, "Checking", enabled: !quiet))
        {
            result = await TorrentVerifier.VerifyAsync(
                TorrentSource.Bytes(loaded.Bytes),
                folder.FullName,
                new DirectProgress<double>(done => line.Report(done)),
                cancellationToken)
                .ConfigureAwait(false);
        }

        CheckOutput output = new(result);
        if (parsed.GetValue(_json))
            JsonOutput.Write(_streams, JsonOutput.OneLine, output.WriteJson);
        else if (!quiet)
            output.WriteText(_streams.Out, parsed.GetValue(_verbose));
        return result.IsComplete
            ? ExitCode.Done
            : throw new CliException($"The data in {folder} is incomplete.", DataFolder.Hint(result.Metainfo, folder));
    }
}
