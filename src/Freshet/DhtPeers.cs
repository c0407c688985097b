using System.Collections.Immutable;
using System.Net;

namespace Freshet;

/// <summary>What a search for peers in the DHT found. Immutable.</summary>
public sealed record DhtPeers
{
    /// <summary>Peers, each once, in the order in which they were found; at most 1,000.</summary>
    public required ImmutableArray<IPEndPoint> Peers { get; init; }

    /// <summary>Queries sent.</summary>
    public required int Queries { get; init; }

    /// <summary>Nodes that answered.</summary>
    public required int Answers { get; init; }

    /// <summary>Nodes that took our announce.</summary>
    public required int Announced { get; init; }

    /// <summary>
    /// Seeds that all nodes together know of, about (BEP 33); null if none has said. Who announces as well does not ask.
    /// </summary>
    public int? Seeds { get; init; }

    /// <summary>Other peers, in the same way.</summary>
    public int? Leechers { get; init; }

    /// <summary>How many nodes were asked one after the other, at most, to get to an answer.</summary>
    public required int Rounds { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Duration { get; init; }
}
