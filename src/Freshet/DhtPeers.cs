using System.Collections.Immutable;
using System.Net;

namespace Freshet;

/// <summary>What a search for peers in the DHT found. Immutable.</summary>
public sealed record DhtPeers
{
    /// <summary>The peers, without duplicates, in the order in which they were found; at most 1,000.</summary>
    public required ImmutableArray<IPEndPoint> Peers { get; init; }

    /// <summary>The number of queries sent.</summary>
    public required int Queries { get; init; }

    /// <summary>The number of nodes that answered.</summary>
    public required int Answers { get; init; }

    /// <summary>The number of nodes that accepted our announce.</summary>
    public required int Announced { get; init; }

    /// <summary>
    /// An estimate of the seeds known to all nodes together (BEP 33); null if no node reported any. A search that also announces does not
    /// ask for it.
    /// </summary>
    public int? Seeds { get; init; }

    /// <summary>An estimate of the other peers, in the same way.</summary>
    public int? Leechers { get; init; }

    /// <summary>The longest chain of nodes queried one after the other to get an answer.</summary>
    public required int Rounds { get; init; }

    /// <summary>The duration of the search.</summary>
    public required TimeSpan Duration { get; init; }
}
