using Freshet.Core.Dht.Items;

namespace Freshet.Core.Dht.Krpc;

/// <summary>The content of our response, apart from its transaction and our id; empty and null members are omitted.</summary>
internal readonly ref struct KrpcAnswer
{
    /// <summary>The sender's address as we see it (BEP 42).</summary>
    public NodeAddress? SeenAs { get; init; }

    /// <summary>The families of which nodes were asked for: if there are none of one, that is said.</summary>
    public AddressFamilies Families { get; init; }

    public ReadOnlySpan<NodeInfo> Nodes { get; init; }

    public ReadOnlySpan<NodeInfo> Nodes6 { get; init; }

    public ReadOnlySpan<byte> Token { get; init; }

    public ReadOnlySpan<NodeAddress> Values { get; init; }

    /// <summary>Bloom filters of seeds and of other peers (BEP 33).</summary>
    public ReadOnlySpan<byte> SeedFilter { get; init; }

    /// <inheritdoc cref="SeedFilter"/>
    public ReadOnlySpan<byte> PeerFilter { get; init; }

    /// <summary>Info-hashes (BEP 51); written if <see cref="SampleCount"/> is set.</summary>
    public ReadOnlySpan<NodeId> Samples { get; init; }

    /// <summary>An item (BEP 44).</summary>
    public ItemContent? Item { get; init; }

    /// <summary>Whether the asker already has the item's value, so that only the sequence number is sent.</summary>
    public bool HasItemAlready { get; init; }

    public int? SampleCount { get; init; }

    public int SampleInterval { get; init; }
}
