using Freshet.Disk.Creation;

namespace Freshet;

/// <summary>Hashes the files of a new torrent; the hashes go into <see cref="Core.Metainfo.MetainfoBuilder.PieceHashes"/>.</summary>
public static class PieceHashes
{
    /// <summary>Reads files, one after the other as if they were one, and hashes their pieces on all cores.</summary>
    /// <param name="files">The files in the torrent's order.</param>
    /// <param name="pieceLength">Bytes of a piece, a power of two of 16 KiB or more.</param>
    /// <param name="progress">The bytes hashed so far, reported from any thread.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The pieces' SHA-1 hashes, 20 bytes each, one after the other.</returns>
    /// <exception cref="FreshetException">A file cannot be read, or its length is not as given or changes meanwhile.</exception>
    public static async Task<ReadOnlyMemory<byte>> ComputeAsync(
        IEnumerable<FileToHash> files, int pieceLength, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(files);
        if (pieceLength < Core.Metainfo.PieceLengthChooser.Shortest || !int.IsPow2(pieceLength))
            throw new ArgumentOutOfRangeException(nameof(pieceLength), pieceLength, "A piece has a power of two of bytes, 16 KiB or more.");
        HashResult hashed = await TorrentHasher.HashAsync(
            new TorrentHasherOptions
            {
                Files = [.. files.Select(file => new SourceFile(file.Path, file.Length))],
                PieceLength = pieceLength,
                OnProgress = progress is null ? null : progress.Report,
            },
            cancellationToken).ConfigureAwait(false);
        return hashed.Error is { } error ? throw new FreshetException(FreshetError.Storage, error.Message) : hashed.PieceHashes;
    }
}
