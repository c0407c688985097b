using System.Collections.Immutable;
using System.Security.Cryptography;
using Freshet.Cli.Output;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;

namespace Freshet.Cli.Creation;

/// <summary>Makes a .torrent of a file or a folder.</summary>
internal static class TorrentCreator
{
    /// <param name="path">The file or folder.</param>
    /// <param name="listing">The files found there.</param>
    /// <param name="options">What the torrent is to say.</param>
    /// <param name="progress">Told the bytes hashed so far and of how many, from several threads.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The bytes of the .torrent.</returns>
    public static async Task<byte[]> CreateAsync(
        string path, FileListing listing, CreationOptions options, Action<long, long> progress, CancellationToken cancellationToken)
    {
        long total = listing.Files.Sum(file => file.Length);
        if (total == 0)
            throw new CliException($"All files of {path} are empty.", "A torrent needs at least one byte.");
        int pieceLength = options.PieceLength ?? PieceLengthChooser.Choose(total);
        if (total / pieceLength >= MetainfoBuilder.MaxPieces)
            throw new CliException(
                $"{new ByteSize(total)} in pieces of {new ByteSize(pieceLength)} are too many pieces.", "Choose a larger --piece-size.");
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
            CreatedBy = "Freshet " + ProgramVersion.Number,
            CreationDate = options.CreationDate,
        };
        RequireReadable(builder, listing);
        ReadOnlyMemory<byte> hashes = await PieceHashes.ComputeAsync(
            listing.Files.Select(file => new FileToHash(file.FullPath, file.Length)),
            pieceLength,
            new DirectProgress<long>(done => progress(done, total)),
            cancellationToken).ConfigureAwait(false);
        return (builder with { PieceHashes = hashes }).Build();
    }

    /// <summary>The name of the file or folder, also where it is said as <c>.</c> or with a slash at its end.</summary>
    public static string NameOf(string path)
    {
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        return name.Length > 0 ? name : throw new CliException($"{path} has no name of its own.", "Make the torrent of a folder in it.");
    }

    // The torrent, but for its hashes, is read as it will be when its data is to be verified: each file must be found where it lies.
    private static void RequireReadable(MetainfoBuilder builder, FileListing listing)
    {
        if (!MetainfoReader.TryRead(builder.Build(), out TorrentMetainfo? metainfo, out MetainfoError? error))
            throw new CliException($"These files cannot be in one torrent: {error.Message}.", "Make several torrents of them.");
        for (int i = 0; i < listing.Files.Count; i++)
        {
            ListedFile file = listing.Files[i];
            string path = file.Path.Length == 0 ? builder.Name : $"{builder.Name}/{file.Path}";
            if (metainfo.Files[i].Path != path)
            {
                throw new CliException(
                    $"{file.FullPath} would be found by nobody: programs take its path, which is too long, too deep or not allowed, "
                    + $"for {metainfo.Files[i].Path}.",
                    "Rename or move it.");
            }
        }
    }

    private static MetainfoFile ToMetainfo(ListedFile file) => new()
    {
        Path = file.Path.Length == 0 ? [] : file.Path.Split('/').ToImmutableArray(),
        Length = file.Length,
        Traits = file.IsExecutable ? FileTraits.Executable : FileTraits.None,
    };
}
