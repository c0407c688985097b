using Freshet.Core.Dht.Krpc;
using Freshet.Core.Dht.Searching;
using Freshet.Core.Rates;

namespace Freshet.Core.Dht;

/// <summary>A query of ours that has not been answered yet.</summary>
internal sealed class PendingQuery
{
    public required uint Transaction { get; init; }

    public required DhtSide Side { get; init; }

    /// <summary>The address that it was sent to; answers from elsewhere are ignored.</summary>
    public required NodeAddress Target { get; init; }

    /// <summary>The id that we know the node by; null if unknown.</summary>
    public required NodeId? Expected { get; init; }

    public required DhtMethod Method { get; init; }

    public required Timestamp SentAt { get; init; }

    /// <summary>The lookup and the candidate that was queried; null for an announce and for a ping.</summary>
    public Lookup? Lookup { get; init; }

    /// <inheritdoc cref="Lookup"/>
    public Candidate? Candidate { get; init; }

    /// <summary>The search that it belongs to.</summary>
    public Search? Search { get; init; }

    public bool IsOver { get; set; }
}
