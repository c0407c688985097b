using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;
using Freshet.Disk.Checks;
using Freshet.Disk.Files;

namespace Freshet.Cli.Checks;

/// <summary>Reads a torrent's data from disk, on all cores, and verifies its pieces. Writes nothing.</summary>
internal static class DataCheck
{
    /// <param name="metainfo">The torrent.</param>
    /// <param name="folder">The folder that its file or folder lies in.</param>
    /// <param name="progress">Called after each piece with the part that is done, 0 to 1.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <returns>The verified pieces.</returns>
    public static async Task<Bitfield> RunAsync(TorrentMetainfo metainfo, string folder, Action<double> progress, CancellationToken cancellationToken)
    {
        if (metainfo.Layout.PieceCount == 0)
            return new Bitfield(0);
        using FileHandles handles = new();
        FileStorage storage = new(new FileStorageOptions
        {
            Folder = Path.GetFullPath(folder),
            Files = metainfo.Files,
            Layout = metainfo.Layout,
            Handles = handles,
        });
        int done = 0;
        CheckResult result = await Checker.RunAsync(
            new CheckerOptions(storage, metainfo.Layout, metainfo.PieceHashes),
            Environment.ProcessorCount,
            (_, _) => progress((double)++done / metainfo.Layout.PieceCount),
            cancellationToken).ConfigureAwait(false);
        return result.Error is { } error ? throw new CliException(error.Message) : result.Good;
    }
}
