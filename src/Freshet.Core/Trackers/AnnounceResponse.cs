using System.Net;

namespace Freshet.Core.Trackers;

/// <summary>A tracker's response to an announce (BEP 3, 7, 23, 24, 31).</summary>
internal sealed record AnnounceResponse
{
    /// <summary>The failure reason in the tracker's words; null if the announce succeeded.</summary>
    public string? FailureReason { get; init; }

    /// <summary>
    /// After a failure, how long to wait before asking this tracker again (BEP 31); <see cref="Timeout.InfiniteTimeSpan"/> for never, null
    /// if it did not say.
    /// </summary>
    public TimeSpan? RetryIn { get; init; }

    /// <summary>A warning for the user in a successful response, or null.</summary>
    public string? Warning { get; init; }

    /// <summary>The time to the next regular announce.</summary>
    public TimeSpan Interval { get; init; }

    /// <summary>The minimum time between any two announces, or null.</summary>
    public TimeSpan? MinInterval { get; init; }

    /// <summary>The tracker id to send with the next announce, or null.</summary>
    public ReadOnlyMemory<byte>? TrackerId { get; init; }

    /// <summary>The number of seeds, or null if it did not say.</summary>
    public int? Seeders { get; init; }

    /// <summary>The number of peers that are not seeds, or null if it did not say.</summary>
    public int? Leechers { get; init; }

    /// <summary>Our address as the tracker sees it (BEP 24), or null.</summary>
    public IPAddress? ExternalAddress { get; init; }

    /// <summary>The peers, all of which can be dialled.</summary>
    public IReadOnlyList<AnnouncedPeer> Peers { get; init; } = [];

    /// <summary>Peers that were left out: given by host name, with port 0, at an address that no host can have, or too many.</summary>
    public int SkippedPeers { get; init; }
}
