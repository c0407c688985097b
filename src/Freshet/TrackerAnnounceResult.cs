using System.Collections.Immutable;
using System.Net;

namespace Freshet;

/// <summary>
/// What came of an announce. A tracker with addresses of both families is asked over each, since many name only peers of the family they are
/// asked over; this is what its answers say together.
/// </summary>
public sealed record TrackerAnnounceResult
{
    /// <summary>Why there is no answer, in words: the tracker's own refusal, or what kept it from answering. Null if it answered.</summary>
    public string? Error { get; init; }

    /// <summary>The peers it named, each once.</summary>
    public ImmutableArray<IPEndPoint> Peers { get; init; } = [];

    /// <summary>Peers it named that cannot be dialled: by a host name, at port 0, at an address that is nobody's, or too many.</summary>
    public int SkippedPeers { get; init; }

    /// <summary>Peers that have everything, as it counts; null if it did not say.</summary>
    public int? Seeders { get; init; }

    /// <summary>Peers that lack something, as it counts; null if it did not say.</summary>
    public int? Leechers { get; init; }

    /// <summary>How long it asks to wait before the next regular announce; null without an answer.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>The least time it asks for between any two announces; null if it did not say.</summary>
    public TimeSpan? MinInterval { get; init; }

    /// <summary>Its words for the user beside the answer, on one line; null if there are none.</summary>
    public string? Warning { get; init; }

    /// <summary>Our addresses as it sees them (BEP 24), at most one of each family.</summary>
    public ImmutableArray<IPAddress> ExternalAddresses { get; init; } = [];

    /// <summary>Whether it answered.</summary>
    public bool Succeeded => Error is null;
}
