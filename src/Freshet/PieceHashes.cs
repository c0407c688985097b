using Freshet.Disk.Creation;

namespace Freshet;

/// <summary>Hashes the files of a new torrent; the hashes go into <see cref="Core.Metainfo.MetainfoBuilder.PieceHashes"/>.</summary>
public static class PieceHashes
{
    /// <summary>Reads files as one continuous sequence and hashes its pieces on all cores.</summary>
    /// <param name="files">The files in the torrent's order.</param>
    /// <param name="pieceLength">The piece length in bytes, a power of two of at least 16 KiB.</param>
    /// <param name="progress">Receives the bytes hashed so far, from any thread.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The SHA-1 hashes of the pieces, concatenated, 20 bytes each.</returns>
    /// <exception cref="FreshetException">
    /// A file cannot be read, or its length differs from the given one or changes while it is read.
    /// </exception>
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
