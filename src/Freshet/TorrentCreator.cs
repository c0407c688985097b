using System.Collections.Immutable;
using System.Security.Cryptography;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Disk.Creation;

namespace Freshet;

/// <summary>Creates a .torrent from a file or a folder.</summary>
public static class TorrentCreator
{
    /// <summary>Finds the files, hashes them on all cores, and creates the .torrent.</summary>
    /// <param name="path">The file or folder. Links in it are followed.</param>
    /// <param name="options">The content of the torrent apart from its files.</param>
    /// <param name="progress">Receives the progress, from several threads and in no particular order.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The .torrent. The same files and options give the same bytes.</returns>
    /// <exception cref="FreshetException">
    /// The path does not exist, cannot be read, or holds files that cannot be in one torrent.
    /// </exception>
    /// <exception cref="ArgumentException">The path is the root of a disk, or an option is out of range.</exception>
    public static async Task<CreatedTorrent> CreateAsync(
        string path, TorrentCreation options, IProgress<CreationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(options);
        if (options.PieceLength is { } asked
            && (asked < PieceLengthChooser.Shortest || asked > MetainfoBuilder.MaxPieceLength || !int.IsPow2(asked)))
        {
            throw new ArgumentException(
                $"{nameof(TorrentCreation.PieceLength)} is {asked}: a power of two from 16 KiB to 256 MiB.", nameof(options));
        }

        FileListing listing = await Task.Run(() => FileListing.Find(path, options.AllowsLink), cancellationToken).ConfigureAwait(false);
        long total = listing.Files.Sum(file => file.Length);
        if (total == 0)
            throw new FreshetException(FreshetError.Storage, $"All files of {path} are empty. A torrent needs at least one byte.");
        int pieceLength = options.PieceLength ?? PieceLengthChooser.Choose(total);
        if (total / pieceLength >= MetainfoBuilder.MaxPieces)
            throw new FreshetException(
                $"{new ByteSize(total)} in pieces of {new ByteSize(pieceLength)} are too many pieces. Choose a larger size.");
        long pieces = ((total - 1) / pieceLength) + 1;
        MetainfoBuilder builder = new()
        {
            Name = NameOf(path),
            Files = [.. listing.Files.Select(ToMetainfo)],
            PieceLength = pieceLength,
            PieceHashes = new byte[pieces * SHA1.HashSizeInBytes],
            Trackers = options.Trackers,
            WebSeeds = options.WebSeeds,
            IsPrivate = options.IsPrivate,
            Comment = options.Comment,
            Source = options.Source,
            CreatedBy = options.CreatedBy,
            CreationDate = options.CreationDate,
        };
        RequireReadable(builder, listing);
        ReadOnlyMemory<byte> hashes = await PieceHashes.ComputeAsync(
            listing.Files.Select(file => new FileToHash(file.FullPath, file.Length)),
            pieceLength,
            progress is null ? null : new Relay(progress, total),
            cancellationToken).ConfigureAwait(false);
        return new CreatedTorrent((builder with { PieceHashes = hashes }).Build(), [.. listing.Warnings]);
    }

    /// <summary>The name of the file or folder, even if the path is <c>.</c> or ends with a slash.</summary>
    public static string NameOf(string path)
    {
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        return name.Length > 0
            ? name
            : throw new ArgumentException($"{path} has no name of its own: make the torrent of a folder in it.", nameof(path));
    }

    // The torrent, without its hashes yet, is parsed as a verifier would parse it: each file must map to the path at which it lies.
    private static void RequireReadable(MetainfoBuilder builder, FileListing listing)
    {
        if (!MetainfoReader.TryRead(builder.Build(), out TorrentMetainfo? metainfo, out MetainfoError? error))
            throw new FreshetException($"These files cannot be in one torrent: {error.Message}. Make several torrents of them.");
        for (int i = 0; i < listing.Files.Count; i++)
        {
            ListedFile file = listing.Files[i];
            string path = file.Path.Length == 0 ? builder.Name : $"{builder.Name}/{file.Path}";
            if (metainfo.Files[i].Path != path)
            {
                throw new FreshetException(
                    $"{file.FullPath} would be found by nobody: programs take its path, which is too long, too deep or not allowed, "
                    + $"for {metainfo.Files[i].Path}. Rename or move it.");
            }

            if (metainfo.Files[i].IsPadding)
                throw new FreshetException($"{file.FullPath} would be taken for padding, which nobody stores: rename it.");
        }
    }

    private static MetainfoFile ToMetainfo(ListedFile file) => new()
    {
        Path = file.Path.Length == 0 ? [] : file.Path.Split('/').ToImmutableArray(),
        Length = file.Length,
        Traits = file.IsExecutable ? FileTraits.Executable : FileTraits.None,
    };

    // Reports synchronously, on the thread that hashed: Progress<T> would post to another.
    private sealed class Relay(IProgress<CreationProgress> progress, long total) : IProgress<long>
    {
        public void Report(long value) => progress.Report(new CreationProgress(new ByteSize(value), new ByteSize(total)));
    }
}
