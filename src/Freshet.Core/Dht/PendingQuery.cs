using Freshet.Core.Dht.Krpc;
using Freshet.Core.Dht.Searching;
using Freshet.Core.Rates;

namespace Freshet.Core.Dht;

/// <summary>A query of ours that was not answered yet.</summary>
internal sealed class PendingQuery
{
    public required uint Transaction { get; init; }

    public required DhtSide Side { get; init; }

    /// <summary>Where it was sent; an answer from elsewhere is none.</summary>
    public required NodeAddress Target { get; init; }

    /// <summary>The id that the node is known by; null if it is known by none.</summary>
    public required NodeId? Expected { get; init; }

    public required DhtMethod Method { get; init; }

    public required Timestamp SentAt { get; init; }

    /// <summary>The lookup that asked, with the candidate that was asked; null for an announce and for a ping.</summary>
    public Lookup? Lookup { get; init; }

    /// <inheritdoc cref="Lookup"/>
    public Candidate? Candidate { get; init; }

    /// <summary>The search that it is part of.</summary>
    public Search? Search { get; init; }

    public bool IsOver { get; set; }
}
