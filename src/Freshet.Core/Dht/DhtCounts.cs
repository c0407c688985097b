namespace Freshet.Core.Dht;

/// <summary>What a DHT node has sent and received since it started.</summary>
internal sealed class DhtCounts
{
    public long DatagramsIn { get; set; }

    public long BytesIn { get; set; }

    public long DatagramsOut { get; set; }

    public long BytesOut { get; set; }

    /// <summary>Datagrams dropped: malformed, unrequested, from impossible addresses, or over the rate limits.</summary>
    public long Dropped { get; set; }

    /// <summary>Lookups that ended because their queries were used up.</summary>
    public long LookupsCutShort { get; set; }

    /// <summary>Queries of others that were answered.</summary>
    public long Answered { get; set; }
}
