using System.Collections.Immutable;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;
using Freshet.Disk.Checks;
using Freshet.Disk.Files;
using Freshet.Persistence;

namespace Freshet;

/// <summary>Checks data on disk against a torrent, without a session.</summary>
public static class TorrentVerifier
{
    /// <summary>Reads a torrent's data, hashes it on all cores, and compares it with the torrent's hashes. Writes nothing.</summary>
    /// <param name="source">The torrent.</param>
    /// <param name="folder">The folder that holds its file or folder.</param>
    /// <param name="progress">Receives the part that is done, 0 to 1, after each piece, one call at a time.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="ArgumentException">The source is a magnet link, which has no hashes to compare with.</exception>
    /// <exception cref="FreshetException">The torrent is malformed, or the disk cannot be read. Missing files are not an error.</exception>
    public static async Task<TorrentVerification> VerifyAsync(
        TorrentSource source, string folder, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        LoadedSource loaded = await MetainfoLoader.LoadAsync(source, cancellationToken).ConfigureAwait(false);
        if (!loaded.HasMetadata)
            throw new ArgumentException("A magnet link has no hashes of pieces to compare with; give the .torrent.", nameof(source));
        folder = Path.GetFullPath(folder);
        TorrentMetainfo metainfo = MetainfoLoader.ForDataIn(folder, loaded, isWanted: false, out _);
        Bitfield verified = await CheckAsync(metainfo, folder, progress, cancellationToken).ConfigureAwait(false);
        ImmutableArray<FileVerification> files =
            [.. metainfo.Files.Where(file => !file.IsPadding && file.SymlinkTarget is null)
                .Select(file => Verify(metainfo.Layout, folder, verified, file))];
        return new TorrentVerification(metainfo, verified, files);
    }

    private static async Task<Bitfield> CheckAsync(
        TorrentMetainfo metainfo, string folder, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        int pieces = metainfo.Layout.PieceCount;
        if (pieces == 0)
            return new Bitfield(0);
        using FileHandles handles = new();
        string partFile = PartFile.NameFor(metainfo.SwarmHash);
        FileStorage storage = new(new FileStorageOptions
        {
            Folder = folder,
            Files = metainfo.Files,
            Map = File.Exists(Path.Combine(folder, partFile)) ? WithoutFiles(metainfo, folder) : FileMap.Identity,
            Layout = metainfo.Layout,
            PartFileName = partFile,
            Handles = handles,
        });
        int done = 0;
        CheckResult result = await Checker.RunAsync(
            new CheckerOptions(storage, metainfo.Layout, metainfo.PieceHashes),
            Environment.ProcessorCount,
            (_, _) => progress?.Report((double)++done / pieces),
            cancellationToken).ConfigureAwait(false);
        return result.Error is { } error ? throw new FreshetException(FreshetError.Storage, error.Message) : result.Good;
    }

    // The parts of pieces that missing files share with other files may be in the part file.
    private static FileMap WithoutFiles(TorrentMetainfo metainfo, string folder) => metainfo.Files
        .Where(file => !file.IsPadding && file.SymlinkTarget is null && !File.Exists(PathOf(folder, file)))
        .Aggregate(FileMap.Identity, (map, file) => map.Place(file, FileHome.PartFile));

    private static string PathOf(string folder, TorrentFile file) =>
        Path.Combine(folder, file.Path.Replace('/', Path.DirectorySeparatorChar));

    private static FileVerification Verify(PieceLayout layout, string folder, Bitfield verified, TorrentFile file)
    {
        FileInfo info = new(PathOf(folder, file));
        long bytes = 0;
        PieceRange pieces = layout.PiecesOfFile(file.Index);
        for (int i = 0; i < pieces.Count; i++)
        {
            PieceIndex piece = new(pieces.First.Value + i);
            if (!verified[piece])
                continue;
            long begin = Math.Max(layout.OffsetOf(piece), file.Offset);
            long end = Math.Min(layout.OffsetOf(piece) + layout.LengthOf(piece), file.Offset + file.Length);
            bytes += end - begin;
        }

        return new FileVerification(file, info.Exists, info.Exists ? info.Length : 0, bytes);
    }
}
