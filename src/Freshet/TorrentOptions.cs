using System.Collections.Immutable;
using System.Net;
using Freshet.Core;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;

namespace Freshet;

/// <summary>
/// Options of a torrent. Immutable: derive a changed copy with <c>with</c>, in
/// <see cref="Torrent.ApplyAsync(Func{TorrentOptions, TorrentOptions}, CancellationToken)"/>.
/// </summary>
public sealed record TorrentOptions
{
    /// <summary>The lowest rate limit, in bytes per second.</summary>
    internal const int LeastRate = 1024;

    /// <summary>
    /// The download folder. Null, the default, means the session's folder. It cannot be changed once the torrent is added.
    /// </summary>
    public string? DownloadFolder { get; init; }

    /// <summary>
    /// The folder for the files until everything wanted is complete; they are then moved to <see cref="DownloadFolder"/> before the torrent
    /// is reported as complete. Files that already exist in that folder stay there. It cannot be changed once the torrent is added. Null,
    /// the default, means the same folder.
    /// </summary>
    public string? IncompleteFolder { get; init; }

    /// <summary>
    /// Whether files get names that every system can hold, Windows included, so that the folder can be copied to one or shared with one.
    /// Data that already exists in the folder under the native names keeps them, and vice versa. On a case-insensitive file system,
    /// portable names are always used. It cannot be changed once the torrent is added. Default: false, names are kept wherever this system
    /// can hold them.
    /// </summary>
    public bool PortableNames { get; init; }

    /// <summary>
    /// Whether pieces are downloaded in order, for playback while downloading. This is worse for the swarm. Default: false, rarest first.
    /// </summary>
    public bool Sequential { get; init; }

    /// <summary>
    /// Whether the first and last hundredth of each wanted file, at least one piece each, are downloaded first, because players need them
    /// before they can show anything. Can be combined with <see cref="Sequential"/>. Default: false.
    /// </summary>
    public bool FirstAndLastFirst { get; init; }

    /// <summary>The priority of each file by its index; files beyond the end have normal priority. Default: all are normal.</summary>
    public ImmutableArray<FilePriority> FilePriorities { get; init; } = [];

    /// <summary>
    /// What happens to files that existed before the torrent was added. Default: whatever differs is downloaded and overwritten. Files of
    /// other torrents of the session are never overwritten.
    /// </summary>
    public ExistingFiles ExistingFiles { get; init; }

    /// <summary>If not empty, only these pieces are wanted, whatever the file priorities. Default: empty.</summary>
    public ImmutableArray<PieceIndex> OnlyPieces { get; init; } = [];

    /// <summary>Peers to connect to, in addition to those that are discovered. Default: none.</summary>
    public ImmutableArray<IPEndPoint> Peers { get; init; } = [];

    /// <summary>
    /// The trackers, by tier (BEP 12), instead of those that the .torrent or the magnet link names: http, https and udp URLs, at most 200.
    /// May be changed while the torrent runs: trackers that are no longer named are told that it leaves, and a private torrent also leaves
    /// the peers that it has from them (BEP 27). Null, the default: those that the torrent names.
    /// </summary>
    public ImmutableArray<ImmutableArray<string>>? Trackers { get; init; }

    /// <summary>Whether the torrent announces to its trackers. May be changed while it runs. Default: true.</summary>
    public bool UseTrackers { get; init; } = true;

    /// <summary>The maximum number of connected peers, 1 to 10,000. Default: 100.</summary>
    public int MaxPeers { get; init; } = Limits.DefaultPeersPerTorrent;

    /// <summary>
    /// The number of peers uploaded to at once, 1 to 1,000. Null, the default: 8, and more the faster the torrent uploads. With many slots,
    /// each peer gets little.
    /// </summary>
    public int? UploadSlots { get; init; }

    /// <summary>
    /// Whether the torrent, as a seed, offers each peer only pieces that nobody else has yet (BEP 16), until its peers have everything
    /// between them. Default: when it seems to be the only seed and more than one peer wants its data.
    /// </summary>
    public SuperSeeding SuperSeed { get; init; }

    /// <summary>Which peers are unchoked when the torrent has everything it wants. Default: the fastest.</summary>
    public SeedChoking SeedChoking { get; init; }

    /// <summary>The limit on bytes received per second, payload and protocol. Null, the default, means no limit.</summary>
    public DataRate? MaxDownloadRate { get; init; }

    /// <summary>The limit on bytes sent per second, payload and protocol. Null, the default, means no limit.</summary>
    public DataRate? MaxUploadRate { get; init; }

    /// <summary>The limit on bytes received per second from each peer. Null, the default, means no limit.</summary>
    public DataRate? MaxPeerDownloadRate { get; init; }

    /// <summary>The limit on bytes sent per second to each peer. Null, the default, means no limit.</summary>
    public DataRate? MaxPeerUploadRate { get; init; }

    /// <summary>
    /// Whether the torrent is active without waiting for its turn in the session's queue and without counting there. Checks of its files
    /// still wait for their turn. Default: false.
    /// </summary>
    public bool ForceStart { get; init; }

    /// <summary>
    /// How long the torrent seeds, and what happens then; <see cref="Core.Torrents.SeedLimits.None"/> has no limit. Null, the default: the
    /// session's limits.
    /// </summary>
    public SeedLimits? SeedLimits { get; init; }

    /// <summary>
    /// Whether the record of an earlier run is trusted for files that look unchanged; otherwise every byte on disk is checked. Default:
    /// true.
    /// </summary>
    public bool Resume { get; init; } = true;

    /// <summary>Whether the torrent is added without starting it. Default: false.</summary>
    public bool Stopped { get; init; }

    /// <summary>
    /// Whether a torrent that was added by a magnet link stops as soon as its metadata is known, before anything is created or downloaded:
    /// to choose files first, or to get only the metadata. A torrent whose metadata is known when it is added is not started. Default:
    /// false.
    /// </summary>
    public bool StopAtMetadata { get; init; }

    /// <summary>
    /// Application data that the session stores with the torrent's record, such as labels. At most 64 entries and 16 KiB of UTF-8, keys and
    /// values together; no key may be empty. Default: empty.
    /// </summary>
    public ImmutableDictionary<string, string> UserData { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Validates the options.</summary>
    /// <exception cref="ArgumentException">An option is invalid; the message names every invalid one with its range.</exception>
    public void Validate()
    {
        List<string> errors = [];
        SessionOptions.RequireRange(MaxPeers, 1, 10_000, nameof(MaxPeers), errors);
        if (UploadSlots is { } slots)
            SessionOptions.RequireRange(slots, 1, 1_000, nameof(UploadSlots), errors);
        if (!Enum.IsDefined(SuperSeed))
            errors.Add($"{nameof(SuperSeed)} is {(int)SuperSeed}: use a member of {nameof(SuperSeeding)}");
        if (!Enum.IsDefined(ExistingFiles))
            errors.Add($"{nameof(ExistingFiles)} is {(int)ExistingFiles}: use a member of {nameof(Freshet.ExistingFiles)}");
        if (!Enum.IsDefined(SeedChoking))
            errors.Add($"{nameof(SeedChoking)} is {(int)SeedChoking}: use a member of {nameof(Core.Torrents.SeedChoking)}");
        SessionOptions.RequirePositive(MaxDownloadRate, nameof(MaxDownloadRate), errors);
        SessionOptions.RequirePositive(MaxUploadRate, nameof(MaxUploadRate), errors);
        SessionOptions.RequirePositive(MaxPeerDownloadRate, nameof(MaxPeerDownloadRate), errors);
        SessionOptions.RequirePositive(MaxPeerUploadRate, nameof(MaxPeerUploadRate), errors);
        SeedLimits?.Validate(nameof(SeedLimits), errors);
        if (Trackers is { } trackers && TrackerRules.FindError(trackers) is { } wrongTracker)
            errors.Add($"{nameof(Trackers)} {wrongTracker}");
        if (DownloadFolder is not null && string.IsNullOrWhiteSpace(DownloadFolder))
            errors.Add($"{nameof(DownloadFolder)} is empty: name a folder, or null for the session's");
        if (IncompleteFolder is not null && string.IsNullOrWhiteSpace(IncompleteFolder))
            errors.Add($"{nameof(IncompleteFolder)} is empty: name a folder, or null for none");
        if (UserDataRules.FindError(UserData) is { } wrong)
            errors.Add($"{nameof(UserData)} {wrong}");
        SessionOptions.ThrowIfAny(errors);
    }
}
