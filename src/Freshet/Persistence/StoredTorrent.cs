using System.Buffers;
using Freshet.Core.Metainfo;
using Freshet.FileSystem;

namespace Freshet.Persistence;

/// <summary>The .torrent of a torrent in a state folder: read when it is needed, and verified each time to be that torrent's.</summary>
internal sealed class StoredTorrent(IFileSystem system, FilePath path, InfoHash infoHash)
{
    /// <summary>Reads its full content.</summary>
    /// <exception cref="FreshetException">The file is gone, damaged, or another torrent's.</exception>
    public TorrentMetainfo Read()
    {
        try
        {
            if (!BoundedFile.TryRead(system, path, MetainfoLimits.MaxLength, out byte[]? bytes, out string? error))
                throw Unusable(error ?? "it is gone");
            return Parse(bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(e);
        }
    }

    /// <summary>
    /// Reads its content without the piece hashes and the raw bytes, which <see cref="Read"/> returns when they are needed: an idle torrent
    /// needs only a fiftieth of the whole.
    /// </summary>
    /// <param name="hasPortableNames">Given the torrent, returns whether its files have names that every system can hold.</param>
    /// <exception cref="FreshetException">The file is gone, damaged, or another torrent's.</exception>
    public TorrentMetainfo ReadWithoutHashes(Func<TorrentMetainfo, bool> hasPortableNames)
    {
        byte[]? buffer = null;
        try
        {
            using IFile file = system.Open(path, FileOpening.Read);
            int length = (int)Math.Min(file.Stat().Length, MetainfoLimits.MaxLength + 1);
            buffer = ArrayPool<byte>.Shared.Rent(length);
            Memory<byte> bytes = buffer.AsMemory(0, BoundedFile.ReadAll(file, buffer.AsSpan(0, length)));
            TorrentMetainfo metainfo = Parse(bytes);
            if (hasPortableNames(metainfo) && MetainfoReader.TryRead(bytes, PathRules.Portable, out TorrentMetainfo? portable, out _))
                metainfo = portable;
            return metainfo with { PieceHashes = default, InfoBytes = default };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(e);
        }
        finally
        {
            if (buffer is not null)
                ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private TorrentMetainfo Parse(ReadOnlyMemory<byte> bytes)
    {
        if (!MetainfoReader.TryRead(bytes, out TorrentMetainfo? metainfo, out MetainfoError? error))
            throw Unusable(error.Message);
        bool isNamed = metainfo.InfoHash == infoHash || metainfo.InfoHashV2?.Truncate() == infoHash;
        return isNamed ? metainfo : throw Unusable("its info-hash is another one");
    }

    private FreshetException Unusable(string why) =>
        new(FreshetError.Storage, $"{path}, which the session keeps, cannot be used: {why}. Remove the torrent and add it again.");

    private FreshetException Unreadable(Exception e) =>
        new(FreshetError.Storage, $"{path}, which the session keeps, cannot be read: {e.Message}", e);
}
