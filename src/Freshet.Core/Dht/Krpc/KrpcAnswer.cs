using Freshet.Core.Dht.Items;

namespace Freshet.Core.Dht.Krpc;

/// <summary>What a response of ours says beside its transaction and our id; empty and null members are left out.</summary>
internal readonly ref struct KrpcAnswer
{
    /// <summary>Where we see the asker (BEP 42).</summary>
    public NodeAddress? SeenAs { get; init; }

    public ReadOnlySpan<NodeInfo> Nodes { get; init; }

    public ReadOnlySpan<NodeInfo> Nodes6 { get; init; }

    public ReadOnlySpan<byte> Token { get; init; }

    public ReadOnlySpan<NodeAddress> Values { get; init; }

    /// <summary>Bloom filters of seeds and of other peers (BEP 33).</summary>
    public ReadOnlySpan<byte> SeedFilter { get; init; }

    /// <inheritdoc cref="SeedFilter"/>
    public ReadOnlySpan<byte> PeerFilter { get; init; }

    /// <summary>Info-hashes (BEP 51); written if <see cref="SampleCount"/> is.</summary>
    public ReadOnlySpan<NodeId> Samples { get; init; }

    /// <summary>An item (BEP 44).</summary>
    public ItemContent? Item { get; init; }

    /// <summary>Whether the asker has the item's value already: only its sequence number is told.</summary>
    public bool HasItemAlready { get; init; }

    public int? SampleCount { get; init; }

    public int SampleInterval { get; init; }
}
