using System.Collections.Immutable;
using Freshet.Cli.Parsing;
using Freshet.Core.Metainfo;

namespace Freshet.Cli.Sources;

/// <summary>What trackers need to know of a torrent: less than a .torrent file has, so that a link or an info-hash is enough.</summary>
/// <param name="Swarms">Its swarms: two for a hybrid torrent, version 1 first.</param>
/// <param name="Trackers">Its trackers, without duplicates.</param>
/// <param name="Length">The size of its data in bytes; for a link, whose data is unknown, one block.</param>
internal sealed record TrackedTorrent(ImmutableArray<InfoHash> Swarms, ImmutableArray<string> Trackers, long Length)
{
    private const int UnknownLength = 16 * 1024;

    /// <summary>Whether it is private (BEP 27), so that only its trackers may return its peers; unknown for a link.</summary>
    public bool IsPrivate { get; private init; }

    /// <exception cref="CliException">The torrent cannot be read.</exception>
    public static async Task<TrackedTorrent> LoadAsync(
        TorrentReference reference, NetworkAccess access, CancellationToken cancellationToken)
    {
        if (TorrentLoader.ReadLink(reference) is { } link)
            return new TrackedTorrent(SwarmsOf(link.InfoHash, link.InfoHashV2), [.. link.Trackers.Distinct()], UnknownLength);
        LoadedTorrent loaded = await TorrentLoader.LoadAsync(reference, access, cancellationToken).ConfigureAwait(false);
        TorrentMetainfo metainfo = loaded.Metainfo;
        return new TrackedTorrent(
            SwarmsOf(metainfo.InfoHash, metainfo.InfoHashV2),
            [.. metainfo.Trackers.SelectMany(tier => tier).Distinct()],
            metainfo.Layout.TotalLength)
        {
            IsPrivate = metainfo.IsPrivate,
        };
    }

    /// <summary>The trackers to ask: those given, or otherwise the torrent's own.</summary>
    /// <exception cref="CliException">There are none.</exception>
    public ImmutableArray<string> TrackersOr(string[] given, TorrentReference reference)
    {
        ImmutableArray<string> trackers = given.Length > 0 ? [.. given] : Trackers;
        return trackers.IsEmpty ? throw new CliException($"{reference} names no tracker.", "Name one with --tracker URL.") : trackers;
    }

    private static ImmutableArray<InfoHash> SwarmsOf(InfoHash? infoHash, InfoHashV2? infoHashV2)
    {
        ImmutableArray<InfoHash> swarms = infoHash is { } v1 ? [v1] : [];
        return infoHashV2 is { } v2 ? swarms.Add(v2.Truncate()) : swarms;
    }
}
