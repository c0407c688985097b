using System.Collections.Immutable;

namespace Freshet.Core.Metainfo;

/// <summary>
/// What a torrent is born with: by which hashes it is known, and where to ask for peers. A magnet link has no more than this; the rest
/// (<see cref="TorrentMetainfo"/>) may come later. At least one of the two info-hashes is set. Immutable.
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
            _ => throw new ArgumentException("A torrent has at least one info-hash.", nameof(infoHash)),
        };
    }

    /// <summary>The SHA-1 info-hash; null for a torrent of version 2 alone, and while it is not known.</summary>
    public InfoHash? InfoHash { get; }

    /// <summary>The SHA-256 info-hash; null for a torrent of version 1 alone, and while it is not known.</summary>
    public InfoHashV2? InfoHashV2 { get; }

    /// <summary>
    /// The torrent's swarms, one or two: it is announced to each, and shakes hands by either. Version 1 first, then the truncated hash
    /// of version 2 (BEP 52).
    /// </summary>
    public ImmutableArray<InfoHash> SwarmHashes { get; }

    /// <summary>The first swarm's hash: what one name must do for, as in the names of state files.</summary>
    public InfoHash SwarmHash => SwarmHashes[0];

    /// <summary>What to call the torrent where it is shown; null while that is unknown. It is not a file name.</summary>
    public string? Name { get; private init; }

    /// <summary>Whether peers may come from the torrent's trackers only (BEP 27); null while that is unknown.</summary>
    public bool? IsPrivate { get; private init; }

    /// <summary>Trackers by tiers (BEP 12).</summary>
    public ImmutableArray<ImmutableArray<string>> Trackers { get; private init; } = [];

    /// <summary>Web seeds (BEP 19).</summary>
    public ImmutableArray<string> WebSeeds { get; private init; } = [];

    /// <summary>DHT nodes to begin from, <c>host:port</c> (BEP 5). A private torrent has none.</summary>
    public ImmutableArray<string> Nodes { get; private init; } = [];

    /// <summary>Peers to dial first, <c>host:port</c> (BEP 9, <c>x.pe</c>). A private torrent has none.</summary>
    public ImmutableArray<string> Peers { get; private init; } = [];

    /// <summary>The identity of a torrent whose metadata is there.</summary>
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

    /// <summary>The identity that a magnet link gives; each of its trackers is a tier of its own.</summary>
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

    /// <summary>The same torrent, whose trackers are not to be asked.</summary>
    public SwarmIdentity WithoutTrackers() => this with { Trackers = [] };

    /// <summary>Whether the torrent has a swarm of this name.</summary>
    public bool IsNamed(InfoHash swarmHash) => SwarmHashes.Contains(swarmHash);

    /// <summary>
    /// Whether both are the same torrent: they share a hash, and no two of a kind differ. Not an equality: a hybrid torrent is the same as
    /// a link by either of its hashes, while two such links cannot know that of each other.
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

    /// <summary>Whether metadata is this torrent's: it has every hash by which the torrent is known.</summary>
    public bool IsOf(TorrentMetainfo metainfo)
    {
        ArgumentNullException.ThrowIfNull(metainfo);
        return (InfoHash is null || InfoHash == metainfo.InfoHash) && (InfoHashV2 is null || InfoHashV2 == metainfo.InfoHashV2);
    }

    /// <summary>
    /// What both know of a torrent, this one's first. Only its own maker may say where a private torrent's peers come from: nothing is
    /// added to one that is known to be private, and it takes the place of one that is not.
    /// </summary>
    /// <exception cref="ArgumentException">They are not the same torrent.</exception>
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
    /// What is known once the info dictionary came from peers: both hashes, the name, and whether the torrent is private. An info
    /// dictionary names no trackers, so a private torrent keeps those it was found by.
    /// </summary>
    /// <exception cref="ArgumentException">It is the metadata of another torrent.</exception>
    public SwarmIdentity Complete(TorrentMetainfo metainfo)
    {
        if (!IsOf(metainfo))
            throw new ArgumentException($"{metainfo.SwarmHash} is not {SwarmHash}.", nameof(metainfo));
        return new SwarmIdentity(metainfo.InfoHash, metainfo.InfoHashV2)
        {
            Name = Clean(metainfo.Name),
            IsPrivate = metainfo.IsPrivate,
            Trackers = WithThoseOf(metainfo.Trackers),
            WebSeeds = Union(WebSeeds, metainfo.WebSeeds, MetainfoLimits.MaxWebSeeds),
            Nodes = metainfo.IsPrivate ? [] : Union(Nodes, metainfo.Nodes, MetainfoLimits.MaxNodes),
            Peers = metainfo.IsPrivate ? [] : Peers,
        };
    }

    // Trackers that are known keep their tier; new ones come behind, in tiers of their own.
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
