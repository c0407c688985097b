using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;

namespace Freshet.Persistence;

/// <summary>
/// The hashes of a torrent whose .torrent is in the state folder. They are in memory only while something is checked or downloaded, since
/// they would make up nearly all of the memory of an idle torrent.
/// </summary>
internal sealed class StoredHashes : IContentHashes
{
    private readonly StoredTorrent _stored;
    private Sha1Hashes? _loaded;

    /// <param name="stored">Where they are read from.</param>
    /// <param name="loaded">The hashes, if they are loaded already.</param>
    public StoredHashes(StoredTorrent stored, ReadOnlyMemory<byte> loaded = default)
    {
        _stored = stored;
        _loaded = loaded.IsEmpty ? null : new Sha1Hashes(loaded);
    }

    public HashAlgorithms Algorithms => HashAlgorithms.Sha1;

    /// <summary>Loads them, if they are not in memory, and keeps them there.</summary>
    /// <exception cref="FreshetException">They cannot be read.</exception>
    public void Load() => LoadCore();

    /// <summary>Frees them until they are needed again.</summary>
    public void Unload() => Volatile.Write(ref _loaded, null);

    public bool TryGet(PieceIndex piece, out ExpectedHash expected)
    {
        try
        {
            return (Volatile.Read(ref _loaded) ?? LoadCore()).TryGet(piece, out expected);
        }
        catch (FreshetException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    private Sha1Hashes LoadCore()
    {
        if (Volatile.Read(ref _loaded) is { } loaded)
            return loaded;

        // A copy, so that the rest of the .torrent can be freed.
        TorrentMetainfo metainfo = _stored.Read();
        Sha1Hashes hashes = new(metainfo.PieceHashes.ToArray());
        Volatile.Write(ref _loaded, hashes);
        return hashes;
    }
}
