using Freshet.Core.Metainfo;

namespace Freshet;

/// <summary>Where a torrent comes from.</summary>
public abstract record TorrentSource
{
    private TorrentSource()
    {
    }

    /// <summary>A .torrent file on disk.</summary>
    public static TorrentSource File(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return new FromFile(path);
    }

    /// <summary>The bytes of a .torrent file.</summary>
    public static TorrentSource Bytes(ReadOnlyMemory<byte> bytes) => new FromBytes(bytes);

    /// <summary>
    /// A stream that gives a .torrent file up to its end, read when the torrent is added. It stays the caller's to close.
    /// </summary>
    public static TorrentSource Stream(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new FromStream(stream);
    }

    /// <summary>A torrent that was read already, with the hashes of its pieces.</summary>
    public static TorrentSource Metainfo(TorrentMetainfo metainfo)
    {
        ArgumentNullException.ThrowIfNull(metainfo);
        return new FromMetainfo(metainfo);
    }

    internal sealed record FromStream(Stream Content) : TorrentSource;

    internal sealed record FromMetainfo(TorrentMetainfo Content) : TorrentSource;

    internal sealed record FromFile(string Path) : TorrentSource;

    internal sealed record FromBytes(ReadOnlyMemory<byte> Content) : TorrentSource;
}
