using System.Collections.Immutable;

namespace Freshet.Core.Metainfo;

/// <summary>
/// What is known of a torrent from the start: its info-hashes, and where to find peers. A magnet link contains no more than this; the rest
/// (<see cref="TorrentMetainfo"/>) may follow later. At least one of the two info-hashes is set. Immutable.
/// </summary>
internal sealed record SwarmIdentity
{
    private SwarmIdentity(InfoHash? infoHash, InfoHashV2? infoHashV2)
    {
        InfoHash = infoHash;
        InfoHashV2 = infoHashV2;
        SwarmHashes = (infoHash, infoHashV2) switch
        {
            ({ } v1, { } v2) => [v1, v2.Truncate()],
            ({ } v1, null) => [v1],
            (null, { } v2) => [v2.Truncate()],
            _ => throw new ArgumentException("A torrent needs at least one info-hash.", nameof(infoHash)),
        };
    }

    /// <summary>The SHA-1 info-hash; null for a torrent of version 2 only, and while it is unknown.</summary>
    public InfoHash? InfoHash { get; }

    /// <summary>The SHA-256 info-hash; null for a torrent of version 1 only, and while it is unknown.</summary>
    public InfoHashV2? InfoHashV2 { get; }

    /// <summary>
    /// The torrent's swarms, one or two: it announces to each, and accepts handshakes for either. Version 1 first, then the truncated hash
    /// of version 2 (BEP 52).
    /// </summary>
    public ImmutableArray<InfoHash> SwarmHashes { get; }

    /// <summary>The hash of the first swarm, for uses that allow only one name, such as the names of state files.</summary>
    public InfoHash SwarmHash => SwarmHashes[0];

    /// <summary>The torrent's name for display; null while unknown. Not a file name.</summary>
    public string? Name { get; private init; }

    /// <summary>Whether peers may only come from the torrent's trackers (BEP 27); null while unknown.</summary>
    public bool? IsPrivate { get; private init; }

    /// <summary>Trackers, by tier (BEP 12).</summary>
    public ImmutableArray<ImmutableArray<string>> Trackers { get; private init; } = [];

    /// <summary>Web seeds (BEP 19).</summary>
    public ImmutableArray<string> WebSeeds { get; private init; } = [];

    /// <summary>DHT nodes for bootstrapping, <c>host:port</c> (BEP 5). A private torrent has none.</summary>
    public ImmutableArray<string> Nodes { get; private init; } = [];

    /// <summary>Peers to dial first, <c>host:port</c> (BEP 9, <c>x.pe</c>). A private torrent has none.</summary>
    public ImmutableArray<string> Peers { get; private init; } = [];

    /// <summary>Creates the identity of a torrent with metadata.</summary>
    public static SwarmIdentity Of(TorrentMetainfo metainfo)
    {
        ArgumentNullException.ThrowIfNull(metainfo);
        return new SwarmIdentity(metainfo.InfoHash, metainfo.InfoHashV2)
        {
            Name = Clean(metainfo.Name),
            IsPrivate = metainfo.IsPrivate,
            Trackers = metainfo.Trackers,
            WebSeeds = metainfo.WebSeeds,
            Nodes = metainfo.IsPrivate ? [] : metainfo.Nodes,
        };
    }

    /// <summary>Creates the identity of a magnet link; each of its trackers becomes a tier.</summary>
    public static SwarmIdentity Of(MagnetLink link)
    {
        ArgumentNullException.ThrowIfNull(link);
        return new SwarmIdentity(link.InfoHash, link.InfoHashV2)
        {
            Name = link.DisplayName is { } name ? Clean(name) : null,
            Trackers = [.. link.Trackers.Select(tracker => ImmutableArray.Create(tracker))],
            WebSeeds = link.WebSeeds,
            Peers = link.Peers,
        };
    }

    /// <summary>Whether the torrent has a swarm with the given hash.</summary>
    public bool IsNamed(InfoHash swarmHash) => SwarmHashes.Contains(swarmHash);

    /// <summary>
    /// Whether both are the same torrent: they share a hash, and no two hashes of a kind differ. This is not an equivalence relation: a
    /// hybrid torrent is the same as a link with either of its hashes, while two such links cannot recognize each other.
    /// </summary>
    public bool IsSameTorrent(SwarmIdentity other)
    {
        ArgumentNullException.ThrowIfNull(other);
        bool sharesV1 = InfoHash is not null && InfoHash == other.InfoHash;
        bool sharesV2 = InfoHashV2 is not null && InfoHashV2 == other.InfoHashV2;
        bool differs = (InfoHash is not null && other.InfoHash is not null && !sharesV1)
            || (InfoHashV2 is not null && other.InfoHashV2 is not null && !sharesV2);
        return (sharesV1 || sharesV2) && !differs;
    }

    /// <summary>Whether metadata belongs to this torrent: it matches every hash by which the torrent is known.</summary>
    public bool IsOf(TorrentMetainfo metainfo)
    {
        ArgumentNullException.ThrowIfNull(metainfo);
        return (InfoHash is null || InfoHash == metainfo.InfoHash) && (InfoHashV2 is null || InfoHashV2 == metainfo.InfoHashV2);
    }

    /// <summary>
    /// Combines what both know of a torrent, this one first. Only the creator of a private torrent may say where its peers come from:
    /// nothing is added to a torrent that is known to be private, and such a torrent replaces one that is not.
    /// </summary>
    /// <exception cref="ArgumentException">The identities belong to different torrents.</exception>
    public SwarmIdentity Merge(SwarmIdentity other)
    {
        if (!IsSameTorrent(other))
            throw new ArgumentException($"{SwarmHash} and {other.SwarmHash} are different torrents.", nameof(other));
        SwarmIdentity merged = new(InfoHash ?? other.InfoHash, InfoHashV2 ?? other.InfoHashV2)
        {
            Name = Name ?? other.Name,
            IsPrivate = IsPrivate ?? other.IsPrivate,
        };
        if (merged.IsPrivate == true)
        {
            SwarmIdentity from = IsPrivate == true ? this : other;
            return merged with { Trackers = from.Trackers, WebSeeds = from.WebSeeds };
        }

        return merged with
        {
            Trackers = WithThoseOf(other.Trackers),
            WebSeeds = Union(WebSeeds, other.WebSeeds, MetainfoLimits.MaxWebSeeds),
            Nodes = Union(Nodes, other.Nodes, MetainfoLimits.MaxNodes),
            Peers = Union(Peers, other.Peers, MetainfoLimits.MaxNodes),
        };
    }

    /// <summary>
    /// The identity once peers have sent the info dictionary: both hashes, the name, and whether the torrent is private. An info dictionary
    /// contains no trackers, so a private torrent keeps those through which it was found.
    /// </summary>
    /// <exception cref="ArgumentException">The metadata belongs to another torrent.</exception>
    public SwarmIdentity Complete(TorrentMetainfo metainfo)
    {
        if (!IsOf(metainfo))
            throw new ArgumentException($"{metainfo.SwarmHash} is not {SwarmHash}.", nameof(metainfo));
        bool hasHashes = InfoHash == metainfo.InfoHash && InfoHashV2 == metainfo.InfoHashV2;
        SwarmIdentity complete = (hasHashes ? this : new SwarmIdentity(metainfo.InfoHash, metainfo.InfoHashV2)) with
        {
            Name = Clean(metainfo.Name),
            IsPrivate = metainfo.IsPrivate,
            Trackers = WithThoseOf(metainfo.Trackers),
            WebSeeds = Union(WebSeeds, metainfo.WebSeeds, MetainfoLimits.MaxWebSeeds),
            Nodes = metainfo.IsPrivate ? [] : Union(Nodes, metainfo.Nodes, MetainfoLimits.MaxNodes),
            Peers = metainfo.IsPrivate ? [] : Peers,
        };

        // Most torrents are added with their metadata, of which nothing is news, and need no second copy.
        return complete == this ? this : complete;
    }

    // Known trackers keep their tier; new ones are appended, each in a tier of its own.
    private ImmutableArray<ImmutableArray<string>> WithThoseOf(ImmutableArray<ImmutableArray<string>> tiers)
    {
        if (tiers.IsEmpty || tiers == Trackers)
            return Trackers;
        var known = new HashSet<string>(Trackers.SelectMany(tier => tier), StringComparer.Ordinal);
        var all = Trackers.ToBuilder();
        foreach (ImmutableArray<string> tier in tiers)
        {
            ImmutableArray<string> added = [.. tier.Where(tracker => known.Count < MetainfoLimits.MaxTrackers && known.Add(tracker))];
            if (!added.IsEmpty)
                all.Add(added);
        }

        return all.Count == Trackers.Length ? Trackers : all.ToImmutable();
    }

    private static ImmutableArray<string> Union(ImmutableArray<string> first, ImmutableArray<string> second, int most) =>
        second.IsEmpty || first == second ? first : first.IsEmpty ? second : [.. first.Union(second, StringComparer.Ordinal).Take(most)];

    private static string? Clean(string name) =>
        ForeignText.Clean(name, MetainfoLimits.MaxShownNameLength) is { Length: > 0 } clean ? clean : null;
}
