using System.Collections.Immutable;
using System.Net;
using Freshet.Core;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;

namespace Freshet;

/// <summary>
/// What one torrent is to be like. Immutable: derive another with <c>with</c> and hand it to <see cref="Torrent.ApplyAsync"/>.
/// </summary>
public sealed record TorrentOptions
{
    /// <summary>The lowest limit on a rate, in bytes per second.</summary>
    internal const int LeastRate = 1024;

    /// <summary>Where its files go. Null, the default, is the session's folder. It cannot be changed once the torrent is added.</summary>
    public string? DownloadFolder { get; init; }

    /// <summary>
    /// Where its files are until all that is wanted is there; then they are moved to <see cref="DownloadFolder"/> before the torrent is
    /// reported as complete. Files that are in that folder already stay there. It cannot be changed once the torrent is added. Null, the
    /// default, is the same folder.
    /// </summary>
    public string? IncompleteFolder { get; init; }

    /// <summary>
    /// Whether its files get names that every system can hold, Windows too: to copy them to one, or to share the folder with one. Data that
    /// lies in the folder under the names of this system keeps those, and the other way round. On a disk that ignores case it is so in any
    /// case. It cannot be changed once the torrent is added. Default: no, the names are kept wherever this system can hold them.
    /// </summary>
    public bool PortableNames { get; init; }

    /// <summary>Whether pieces are fetched in order, for watching while it downloads. Worse for the swarm. Default: rarest first.</summary>
    public bool Sequential { get; init; }

    /// <summary>
    /// Whether the first and the last hundredth of each wanted file, at least a piece each, come before everything else: players need them
    /// before they can show any of it. Goes together with <see cref="Sequential"/>. Default: no.
    /// </summary>
    public bool FirstAndLastFirst { get; init; }

    /// <summary>How much each file is wanted, by its index; files beyond the end are wanted normally. Default: all are.</summary>
    public ImmutableArray<FilePriority> FilePriorities { get; init; } = [];

    /// <summary>
    /// What becomes of files that were there before it was added. Default: what differs in them is downloaded.
    /// Files of other torrents of the session are never overwritten.
    /// </summary>
    public ExistingFiles ExistingFiles { get; init; }

    /// <summary>If not empty, only these pieces are wanted, whatever the files. Default: empty.</summary>
    public ImmutableArray<PieceIndex> OnlyPieces { get; init; } = [];

    /// <summary>Peers to connect to, beside those that are found. Default: none.</summary>
    public ImmutableArray<IPEndPoint> Peers { get; init; } = [];

    /// <summary>Whether its trackers are asked for peers. Default: yes.</summary>
    public bool UseTrackers { get; init; } = true;

    /// <summary>The most connected peers, 1 to 10,000. Default 100.</summary>
    public int MaxPeers { get; init; } = Limits.DefaultPeersPerTorrent;

    /// <summary>
    /// Peers that are uploaded to at once, 1 to 1,000. Null, the default: 8, and more the faster it uploads. With many, each gets little.
    /// </summary>
    public int? UploadSlots { get; init; }

    /// <summary>
    /// Whether, as a seed, it gives each peer only pieces that nobody else has yet (BEP 16), until its peers have everything between them.
    /// Default: when it seems to be the only seed, and more than one peer wants its data.
    /// </summary>
    public SuperSeeding SuperSeed { get; init; }

    /// <summary>Which peers are uploaded to when it has all that it wants. Default: the fastest.</summary>
    public SeedChoking SeedChoking { get; init; }

    /// <summary>The most received per second, payload and messages. Null, the default, is no limit.</summary>
    public DataRate? MaxDownloadRate { get; init; }

    /// <summary>The most sent per second, payload and messages. Null, the default, is no limit.</summary>
    public DataRate? MaxUploadRate { get; init; }

    /// <summary>The most received per second from each of its peers. Null, the default, is no limit.</summary>
    public DataRate? MaxPeerDownloadRate { get; init; }

    /// <summary>The most sent per second to each of its peers. Null, the default, is no limit.</summary>
    public DataRate? MaxPeerUploadRate { get; init; }

    /// <summary>
    /// Whether it is active without waiting for its turn in the session's queue, and without being counted there. Its files are checked
    /// when it is their turn all the same. Default: no.
    /// </summary>
    public bool ForceStart { get; init; }

    /// <summary>
    /// How long it seeds, and what happens then; <see cref="Core.Torrents.SeedLimits.None"/> has no limit. Null, the default: as the
    /// session's.
    /// </summary>
    public SeedLimits? SeedLimits { get; init; }

    /// <summary>
    /// Whether what an earlier run recorded is believed, as far as the files look the same; otherwise every byte found on disk is
    /// checked. Default: yes.
    /// </summary>
    public bool Resume { get; init; } = true;

    /// <summary>Whether it is added without starting. Default: no.</summary>
    public bool Stopped { get; init; }

    /// <summary>
    /// Whether a torrent that was added by a magnet link stops as soon as its metadata is known, before anything is made or downloaded: to
    /// choose files first, or for the metadata alone. One whose metadata is known when it is added is not started. Default: no.
    /// </summary>
    public bool StopAtMetadata { get; init; }

    /// <summary>
    /// Whatever the program wants to remember of the torrent: labels, say. The session only keeps it, with the torrent's record. At most 64
    /// entries and 16 KiB of UTF-8, keys and values together; no key is empty. Default: nothing.
    /// </summary>
    public ImmutableDictionary<string, string> UserData { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Finds everything that is wrong with the options.</summary>
    /// <exception cref="ArgumentException">Something is; the message names every member that is, with its range.</exception>
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
        if (DownloadFolder is not null && string.IsNullOrWhiteSpace(DownloadFolder))
            errors.Add($"{nameof(DownloadFolder)} is empty: name a folder, or null for the session's");
        if (IncompleteFolder is not null && string.IsNullOrWhiteSpace(IncompleteFolder))
            errors.Add($"{nameof(IncompleteFolder)} is empty: name a folder, or null for none");
        if (UserDataRules.FindError(UserData) is { } wrong)
            errors.Add($"{nameof(UserData)} {wrong}");
        SessionOptions.ThrowIfAny(errors);
    }
}
