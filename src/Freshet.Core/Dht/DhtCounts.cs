namespace Freshet.Core.Dht;

/// <summary>What a DHT node has sent and received since it was started.</summary>
internal sealed class DhtCounts
{
    public long DatagramsIn { get; set; }

    public long BytesIn { get; set; }

    public long DatagramsOut { get; set; }

    public long BytesOut { get; set; }

    /// <summary>Datagrams that were dropped: malformed, unasked for, from where nobody can be, or too many.</summary>
    public long Dropped { get; set; }

    /// <summary>Queries of others that were answered.</summary>
    public long Answered { get; set; }
}
