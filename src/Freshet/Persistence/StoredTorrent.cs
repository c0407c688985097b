using System.Buffers;
using Freshet.Core.Metainfo;
using Freshet.FileSystem;

namespace Freshet.Persistence;

/// <summary>
/// The .torrent of a torrent in a state folder: read when it is needed, and verified each time to be that torrent's. If it is missing or
/// damaged, the copy before it is used.
/// </summary>
internal sealed class StoredTorrent(IFileSystem system, FilePath path, InfoHash infoHash)
{
    private delegate TorrentMetainfo Reading(FilePath copy);

    /// <summary>Reads its full content.</summary>
    /// <exception cref="FreshetException">The file is gone, damaged, or another torrent's.</exception>
    public TorrentMetainfo Read() => Read(copy =>
        BoundedFile.TryRead(system, copy, MetainfoLimits.MaxLength, out byte[]? bytes, out string? error)
            ? Parse(copy, bytes)
            : throw Unusable(copy, error ?? "it is gone"));

    /// <summary>
    /// Reads its content without the piece hashes and the raw bytes, which <see cref="Read()"/> returns when they are needed: an idle
    /// torrent needs only a fiftieth of the whole.
    /// </summary>
    /// <param name="hasPortableNames">Given the torrent, returns whether its files have names that every system can hold.</param>
    /// <exception cref="FreshetException">The file is gone, damaged, or another torrent's.</exception>
    public TorrentMetainfo ReadWithoutHashes(Func<TorrentMetainfo, bool> hasPortableNames) =>
        Read(copy => ReadWithoutHashes(copy, hasPortableNames));

    private TorrentMetainfo ReadWithoutHashes(FilePath copy, Func<TorrentMetainfo, bool> hasPortableNames)
    {
        byte[]? buffer = null;
        try
        {
            using IFile file = system.Open(copy, FileOpening.Read);
            int length = (int)Math.Min(file.Stat().Length, MetainfoLimits.MaxLength + 1);
            buffer = ArrayPool<byte>.Shared.Rent(length);
            Memory<byte> bytes = buffer.AsMemory(0, BoundedFile.ReadAll(file, buffer.AsSpan(0, length)));
            TorrentMetainfo metainfo = Parse(copy, bytes);
            if (hasPortableNames(metainfo) && MetainfoReader.TryRead(bytes, PathRules.Portable, out TorrentMetainfo? portable, out _))
                metainfo = portable;
            return metainfo with { PieceHashes = default, InfoBytes = default };
        }
        finally
        {
            if (buffer is not null)
                ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private TorrentMetainfo Read(Reading read)
    {
        try
        {
            return ReadOne(path, read);
        }
        catch (FreshetException e) when (!StateTrouble.IsUnreadable(e) && system.Stat(new AtomicFile(system, path).Previous).IsFile)
        {
            return ReadOne(new AtomicFile(system, path).Previous, read);
        }
    }

    private static TorrentMetainfo ReadOne(FilePath copy, Reading read)
    {
        try
        {
            return read(copy);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FreshetException(FreshetError.Storage, $"{copy}, which the session keeps, cannot be read: {e.Message}", e);
        }
    }

    private TorrentMetainfo Parse(FilePath copy, ReadOnlyMemory<byte> bytes)
    {
        if (!MetainfoReader.TryRead(bytes, out TorrentMetainfo? metainfo, out MetainfoError? error))
            throw Unusable(copy, error.Message);
        bool isNamed = metainfo.InfoHash == infoHash || metainfo.InfoHashV2?.Truncate() == infoHash;
        return isNamed ? metainfo : throw Unusable(copy, "its info-hash is another one");
    }

    private static FreshetException Unusable(FilePath copy, string why) =>
        new(FreshetError.Storage, $"{copy}, which the session keeps, cannot be used: {why}. Remove the torrent and add it again.");
}
