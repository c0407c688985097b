using System.Collections.Immutable;
using System.CommandLine;
using Freshet.Cli.Checks;
using Freshet.Cli.Consoles;
using Freshet.Cli.Output;
using Freshet.Cli.Parsing;
using Freshet.Cli.Sources;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;
using Freshet.Persistence;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet verify TORRENT DIR</c>: which pieces and files are good.</summary>
internal static class VerifyCommand
{
    public static Command Create(IConsoleStreams streams)
    {
        Argument<TorrentReference> torrent = CommonOptions.Torrent();
        Argument<DirectoryInfo> folder = new("DIR") { Description = "The folder that the torrent's file or folder lies in." };
        Option<bool> json = CommonOptions.Json();
        Command command = new("verify", "Check data against a torrent; fails unless all of it is there and right.") { torrent, folder, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            LoadedTorrent loaded = await TorrentLoader.LoadAsync(parsed.GetValue(torrent), cancellationToken).ConfigureAwait(false);
            DirectoryInfo data = parsed.GetRequiredValue(folder);
            DataFolder.Require(data);
            TorrentMetainfo metainfo = MetainfoLoader.ForDataIn(data.FullName, loaded.Metainfo, loaded.Bytes, out _);
            Bitfield good;
            using (ProgressLine line = new(streams, "Checking", enabled: true))
                good = await DataCheck.RunAsync(metainfo, data.FullName, done => line.Report(done), cancellationToken).ConfigureAwait(false);
            ImmutableArray<FileCheck> files = FileCheck.Of(metainfo, data.FullName, good);
            if (parsed.GetValue(json))
                JsonOutput.Write(streams, JsonOutput.OneLine, writer => CheckOutput.WriteJson(writer, metainfo, files, good));
            else
                CheckOutput.WriteText(streams.Out, metainfo, files, good);
            if (CheckOutput.IsComplete(files, good))
                return ExitCode.Done;
            throw new CliException($"The data in {data} is not whole.", DataFolder.Hint(metainfo, data));
        });
        return command;
    }
}
