using Freshet.Core.Metainfo;

namespace Freshet;

/// <summary>An item in the DHT (BEP 44), as found by a search or as stored. Immutable.</summary>
public sealed record DhtItem
{
    /// <summary>The item's address in the DHT.</summary>
    public required InfoHash Target { get; init; }

    /// <summary>
    /// The bencoded value that was stored or found, verified by its hash or signature; null if none was found. If another version than the
    /// expected one was found, nothing was stored and this is the version found.
    /// </summary>
    public ReadOnlyMemory<byte>? Value { get; init; }

    /// <summary>The version's sequence number; null if there is no value or the item is immutable.</summary>
    public long? Sequence { get; init; }

    /// <summary>The number of nodes that answered.</summary>
    public required int Answers { get; init; }

    /// <summary>The number of nodes that stored the item; 0 if it was only searched for.</summary>
    public required int Stored { get; init; }

    /// <summary>The duration of the search or store.</summary>
    public required TimeSpan Duration { get; init; }
}
