using Freshet.Core.Metainfo;

namespace Freshet;

/// <summary>An item in the DHT (BEP 44), as a search found it or as it was stored. Immutable.</summary>
public sealed record DhtItem
{
    /// <summary>Where in the DHT it is.</summary>
    public required InfoHash Target { get; init; }

    /// <summary>
    /// The bencoded value that was stored, or was found; null if none was found. Hash or signature have proved it. If another version than
    /// expected was found, nothing was stored and this is that version.
    /// </summary>
    public ReadOnlyMemory<byte>? Value { get; init; }

    /// <summary>The version's sequence number; null if there is no value, and of an item that cannot change.</summary>
    public long? Sequence { get; init; }

    /// <summary>Nodes that answered.</summary>
    public required int Answers { get; init; }

    /// <summary>Nodes that stored it; 0 if it was only looked for.</summary>
    public required int Stored { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Duration { get; init; }
}
