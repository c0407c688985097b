namespace Freshet.Core.Dht.Krpc;

/// <summary>
/// A parsed message (BEP 5, 32, 33, 42, 43, 44, 51); its spans refer to the datagram. <see cref="Kind"/> and <see cref="Method"/> determine
/// which members are meaningful; missing fields are empty or null.
/// </summary>
internal ref struct KrpcMessage
{
    public KrpcKind Kind { get; set; }

    public ReadOnlySpan<byte> Transaction { get; set; }

    public DhtMethod Method { get; set; }

    /// <summary>The sender's id. Errors have none.</summary>
    public NodeId Id { get; set; }

    /// <summary>Whether the sender does not answer queries (BEP 43).</summary>
    public bool IsReadOnly { get; set; }

    /// <summary>Our address as the sender sees it (BEP 42, <c>ip</c>).</summary>
    public NodeAddress? SeenAs { get; set; }

    /// <summary>The target of a query: <c>target</c> or <c>info_hash</c>.</summary>
    public NodeId? Target { get; set; }

    public AddressFamilies Want { get; set; }

    public int Port { get; set; }

    public bool ImpliesPort { get; set; }

    /// <summary>Whether the announced peer is a seed (BEP 33).</summary>
    public bool IsSeed { get; set; }

    /// <summary>Whether only peers that are not seeds are wanted (BEP 33).</summary>
    public bool WantsNoSeeds { get; set; }

    /// <summary>Whether the number of peers is wanted (BEP 33).</summary>
    public bool WantsScrape { get; set; }

    public ReadOnlySpan<byte> Token { get; set; }

    /// <summary>Complete entries of <see cref="NodeInfo.V4Length"/> bytes each.</summary>
    public ReadOnlySpan<byte> Nodes { get; set; }

    /// <summary>Complete entries of <see cref="NodeInfo.V6Length"/> bytes each.</summary>
    public ReadOnlySpan<byte> Nodes6 { get; set; }

    /// <summary>A bencoded list of compact addresses.</summary>
    public ReadOnlySpan<byte> Values { get; set; }

    /// <summary>The Bloom filter of seeds (BEP 33); empty or 256 bytes.</summary>
    public ReadOnlySpan<byte> SeedFilter { get; set; }

    /// <summary>The Bloom filter of other peers (BEP 33); empty or 256 bytes.</summary>
    public ReadOnlySpan<byte> PeerFilter { get; set; }

    /// <summary>Info-hashes (BEP 51), 20 bytes each.</summary>
    public ReadOnlySpan<byte> Samples { get; set; }

    /// <summary>The total number of info-hashes that can be sampled (BEP 51).</summary>
    public long SampleCount { get; set; }

    /// <summary>Seconds until the samples change (BEP 51).</summary>
    public long SampleInterval { get; set; }

    /// <summary>The bencoded value of an item (BEP 44).</summary>
    public ReadOnlySpan<byte> Value { get; set; }

    /// <summary>The public key of an item (BEP 44); empty or 32 bytes.</summary>
    public ReadOnlySpan<byte> Key { get; set; }

    /// <summary>The salt of an item (BEP 44).</summary>
    public ReadOnlySpan<byte> Salt { get; set; }

    /// <summary>The signature of an item (BEP 44); empty or 64 bytes.</summary>
    public ReadOnlySpan<byte> Signature { get; set; }

    /// <summary>The sequence number of an item (BEP 44); in a get, the one that the asker has.</summary>
    public long? Sequence { get; set; }

    /// <summary>The sequence number that an item must have to be replaced (BEP 44, <c>cas</c>).</summary>
    public long? ExpectedSequence { get; set; }

    public long ErrorCode { get; set; }

    public ReadOnlySpan<byte> ErrorText { get; set; }
}
