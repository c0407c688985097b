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

    /// <summary>A stream that contains a .torrent file up to its end. It is read when the torrent is added; the caller closes it.</summary>
    public static TorrentSource Stream(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new FromStream(stream);
    }

    /// <summary>A torrent that has been parsed already, with its piece hashes.</summary>
    public static TorrentSource Metainfo(TorrentMetainfo metainfo)
    {
        ArgumentNullException.ThrowIfNull(metainfo);
        return new FromMetainfo(metainfo);
    }

    /// <summary>
    /// A magnet link (BEP 9, 53): the metadata is fetched from peers first. The link is parsed when the torrent is added.
    /// </summary>
    public static TorrentSource Magnet(string link)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(link);
        return new FromLink(link);
    }

    /// <inheritdoc cref="Magnet(string)"/>
    /// <exception cref="ArgumentException">The link has no info-hash.</exception>
    public static TorrentSource Magnet(MagnetLink link)
    {
        ArgumentNullException.ThrowIfNull(link);
        if (link.InfoHash is null && link.InfoHashV2 is null)
            throw new ArgumentException("The link has no info-hash.", nameof(link));
        return new FromLink(link.ToString());
    }

    /// <summary>
    /// An info-hash alone. Without trackers, peers must connect to us, be found by the DHT, or be given
    /// (<see cref="TorrentOptions.Peers"/>).
    /// </summary>
    public static TorrentSource InfoHash(InfoHash infoHash) => Magnet(new MagnetLink { InfoHash = infoHash });

    /// <inheritdoc cref="InfoHash(Core.Metainfo.InfoHash)"/>
    public static TorrentSource InfoHash(InfoHashV2 infoHash) => Magnet(new MagnetLink { InfoHashV2 = infoHash });

    internal sealed record FromLink(string Text) : TorrentSource;

    internal sealed record FromStream(Stream Content) : TorrentSource;

    internal sealed record FromMetainfo(TorrentMetainfo Content) : TorrentSource;

    internal sealed record FromFile(string Path) : TorrentSource;

    internal sealed record FromBytes(ReadOnlyMemory<byte> Content) : TorrentSource;
}
