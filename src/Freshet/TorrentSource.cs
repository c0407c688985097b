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

    internal sealed record FromFile(string Path) : TorrentSource;

    internal sealed record FromBytes(ReadOnlyMemory<byte> Content) : TorrentSource;
}
