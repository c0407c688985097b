using Freshet.Cli.Parsing;
using Freshet.Cli.Sources;
using Freshet.Core.Metainfo;

namespace Freshet.Cli.Dht;

/// <summary>Determines the info-hash to look up in the DHT.</summary>
internal static class DhtTarget
{
    /// <exception cref="CliException">The torrent cannot be read, or is private.</exception>
    public static async Task<InfoHash> OfAsync(TorrentReference torrent, NetworkAccess access, CancellationToken cancellationToken)
    {
        if (TorrentLoader.ReadLink(torrent) is { } link)
            return link.SwarmHash;
        TorrentMetainfo metainfo =
            (await TorrentLoader.LoadAsync(torrent, access, cancellationToken).ConfigureAwait(false)).Metainfo;
        if (metainfo.IsPrivate)
            throw new CliException($"{torrent} is private.", "Its peers come from its trackers alone: use freshet peers.");
        return metainfo.SwarmHash;
    }
}
