using System.Net;

namespace Freshet.Core.Trackers;

/// <summary>What a tracker answers to an announce (BEP 3, 7, 23, 24, 31).</summary>
internal sealed record AnnounceResponse
{
    /// <summary>The refusal in the tracker's words; null if it answered with peers.</summary>
    public string? FailureReason { get; init; }

    /// <summary>
    /// With a failure, how long to leave the tracker alone (BEP 31); <see cref="Timeout.InfiniteTimeSpan"/> for ever, null if it did not
    /// say.
    /// </summary>
    public TimeSpan? RetryIn { get; init; }

    /// <summary>Words for the user beside a good answer, or null.</summary>
    public string? Warning { get; init; }

    /// <summary>How long to wait before the next regular announce.</summary>
    public TimeSpan Interval { get; init; }

    /// <summary>The least time between any two announces, or null.</summary>
    public TimeSpan? MinInterval { get; init; }

    /// <summary>To be repeated in the next announce, or null.</summary>
    public ReadOnlyMemory<byte>? TrackerId { get; init; }

    /// <summary>Peers that have everything, or null if it did not say.</summary>
    public int? Seeders { get; init; }

    /// <summary>Peers that lack something, or null if it did not say.</summary>
    public int? Leechers { get; init; }

    /// <summary>Our address as the tracker sees it (BEP 24), or null.</summary>
    public IPAddress? ExternalAddress { get; init; }

    /// <summary>Peers that can be dialled.</summary>
    public IReadOnlyList<AnnouncedPeer> Peers { get; init; } = [];

    /// <summary>Peers that were left out: named by a host name, with port 0, at an address that nobody can hold, or too many.</summary>
    public int SkippedPeers { get; init; }
}
