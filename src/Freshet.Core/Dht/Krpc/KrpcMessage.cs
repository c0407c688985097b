namespace Freshet.Core.Dht.Krpc;

/// <summary>
/// A message as it was read (BEP 5, 32, 33, 42, 43, 44, 51); its spans are parts of the datagram. Which members mean anything depends on
/// <see cref="Kind"/> and <see cref="Method"/>; what was not there is empty or null.
/// </summary>
internal ref struct KrpcMessage
{
    public KrpcKind Kind { get; set; }

    public ReadOnlySpan<byte> Transaction { get; set; }

    public DhtMethod Method { get; set; }

    /// <summary>The sender's id. Errors have none.</summary>
    public NodeId Id { get; set; }

    /// <summary>Whether its sender answers no queries (BEP 43).</summary>
    public bool IsReadOnly { get; set; }

    /// <summary>Where the sender sees us (BEP 42, <c>ip</c>).</summary>
    public NodeAddress? SeenAs { get; set; }

    /// <summary>What a query is about: <c>target</c> or <c>info_hash</c>.</summary>
    public NodeId? Target { get; set; }

    public AddressFamilies Want { get; set; }

    public int Port { get; set; }

    public bool ImpliesPort { get; set; }

    /// <summary>The announced peer is a seed (BEP 33).</summary>
    public bool IsSeed { get; set; }

    /// <summary>Only peers that are no seeds are wanted (BEP 33).</summary>
    public bool WantsNoSeeds { get; set; }

    /// <summary>How many peers there are is wanted (BEP 33).</summary>
    public bool WantsScrape { get; set; }

    public ReadOnlySpan<byte> Token { get; set; }

    /// <summary>Whole nodes, <see cref="NodeInfo.V4Length"/> bytes each.</summary>
    public ReadOnlySpan<byte> Nodes { get; set; }

    /// <summary>Whole nodes, <see cref="NodeInfo.V6Length"/> bytes each.</summary>
    public ReadOnlySpan<byte> Nodes6 { get; set; }

    /// <summary>A list of compact addresses, as it is bencoded.</summary>
    public ReadOnlySpan<byte> Values { get; set; }

    /// <summary>Bloom filter of seeds (BEP 33); empty or 256 bytes.</summary>
    public ReadOnlySpan<byte> SeedFilter { get; set; }

    /// <summary>Bloom filter of other peers (BEP 33); empty or 256 bytes.</summary>
    public ReadOnlySpan<byte> PeerFilter { get; set; }

    /// <summary>Info-hashes (BEP 51), 20 bytes each.</summary>
    public ReadOnlySpan<byte> Samples { get; set; }

    /// <summary>How many info-hashes there are to sample (BEP 51).</summary>
    public long SampleCount { get; set; }

    /// <summary>Seconds until the samples are others (BEP 51).</summary>
    public long SampleInterval { get; set; }

    /// <summary>An item's value (BEP 44), as it is bencoded.</summary>
    public ReadOnlySpan<byte> Value { get; set; }

    /// <summary>The public key of an item (BEP 44); empty or 32 bytes.</summary>
    public ReadOnlySpan<byte> Key { get; set; }

    /// <summary>An item's salt (BEP 44).</summary>
    public ReadOnlySpan<byte> Salt { get; set; }

    /// <summary>An item's signature (BEP 44); empty or 64 bytes.</summary>
    public ReadOnlySpan<byte> Signature { get; set; }

    /// <summary>An item's sequence number (BEP 44); of a get, the one that the asker has.</summary>
    public long? Sequence { get; set; }

    /// <summary>The sequence number that an item must have to be replaced (BEP 44, <c>cas</c>).</summary>
    public long? ExpectedSequence { get; set; }

    public long ErrorCode { get; set; }

    public ReadOnlySpan<byte> ErrorText { get; set; }
}
