using Freshet.Core.Dht.Items;

namespace Freshet.Core.Dht.Krpc;

/// <summary>The content of our query, apart from its transaction and our id; empty and null members are omitted.</summary>
internal readonly ref struct KrpcQuery
{
    public required DhtMethod Method { get; init; }

    /// <summary>Sent as <c>info_hash</c> if the method is about peers, otherwise as <c>target</c>.</summary>
    public NodeId? Target { get; init; }

    public AddressFamilies Want { get; init; }

    /// <summary>The port to announce.</summary>
    public int? Port { get; init; }

    /// <summary>Whether the source port of the query is to be used instead.</summary>
    public bool ImpliesPort { get; init; }

    public bool IsSeed { get; init; }

    public bool WantsScrape { get; init; }

    public ReadOnlySpan<byte> Token { get; init; }

    /// <summary>The item to store (BEP 44).</summary>
    public ItemContent? Item { get; init; }

    /// <summary>The sequence number of the item that is to be replaced (BEP 44).</summary>
    public long? ExpectedSequence { get; init; }
}
