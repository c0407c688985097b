using Freshet.Core.Metainfo;
using Freshet.Persistence;

namespace Freshet.Running;

/// <summary>A torrent whose metadata was received from peers.</summary>
/// <param name="Source">The .torrent built from the metadata and the link.</param>
/// <param name="Metainfo">Its content, with the names that its files have in their folder.</param>
/// <param name="HasPortableNames">Whether those names are ones that every system can hold.</param>
internal sealed record LearnedTorrent(LoadedSource Source, TorrentMetainfo Metainfo, bool HasPortableNames)
{
    /// <summary>Parses the metadata. Looks into the folder of the files, and so may block.</summary>
    /// <param name="info">The info dictionary, as received from peers.</param>
    /// <param name="link">The link by which the torrent was added.</param>
    /// <param name="folder">The folder of its files.</param>
    /// <param name="wantsPortableNames">Whether the user wants names that every system can hold.</param>
    /// <exception cref="FreshetException">The metadata cannot be used.</exception>
    public static LearnedTorrent Read(ReadOnlyMemory<byte> info, MagnetLink link, string folder, bool wantsPortableNames)
    {
        if (!MetainfoReader.TryReadInfo(info, MetainfoReader.NativeRules, out TorrentMetainfo? metainfo, out MetainfoError? error))
            throw Unusable(error.Message);
        if (!SwarmIdentity.Of(link).IsOf(metainfo))
            throw Unusable("it is another torrent's");
        LoadedSource source = LoadedSource.Of(link, metainfo);
        TorrentMetainfo named = MetainfoLoader.ForDataIn(folder, source, wantsPortableNames, out bool isPortable);
        return new LearnedTorrent(source, named, isPortable);
    }

    private static FreshetException Unusable(string why) => new(
        FreshetError.Malformed, $"The torrent's metadata, as peers gave it, cannot be used: {why}. No other peer has a better one.");
}
