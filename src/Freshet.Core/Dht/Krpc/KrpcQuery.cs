using Freshet.Core.Dht.Items;

namespace Freshet.Core.Dht.Krpc;

/// <summary>What a query of ours says beside its transaction and our id; empty and null members are left out.</summary>
internal readonly ref struct KrpcQuery
{
    public required DhtMethod Method { get; init; }

    /// <summary>Called <c>info_hash</c> where the method has peers, else <c>target</c>.</summary>
    public NodeId? Target { get; init; }

    public AddressFamilies Want { get; init; }

    /// <summary>The port of an announce.</summary>
    public int? Port { get; init; }

    /// <summary>Whether the port that the query comes from counts instead.</summary>
    public bool ImpliesPort { get; init; }

    public bool IsSeed { get; init; }

    public bool WantsScrape { get; init; }

    public ReadOnlySpan<byte> Token { get; init; }

    /// <summary>What is to be stored (BEP 44).</summary>
    public ItemContent? Item { get; init; }

    /// <summary>The sequence number that it must replace (BEP 44).</summary>
    public long? ExpectedSequence { get; init; }
}
