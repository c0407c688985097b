using Freshet.Core.Dht;
using Freshet.Core.Dht.Searching;

namespace Freshet.Running;

/// <summary>Translates the results of DHT searches to the public API.</summary>
internal static class DhtResults
{
    public static DhtPeers Peers(DhtSearch search, SearchReport? report) => new()
    {
        Peers = [.. search.Peers],
        Queries = report?.Queries ?? 0,
        Answers = report?.Answers ?? 0,
        Announced = report?.Announced ?? 0,
        Seeds = report?.Seeds,
        Leechers = report?.Leechers,
        Rounds = report?.Rounds ?? 0,
        Duration = report?.Duration ?? TimeSpan.Zero,
    };

    public static DhtItem Item(NodeId target, SearchReport? report) => new()
    {
        Target = target.ToInfoHash(),
        Value = (report?.Put ?? report?.Item)?.Value,
        Sequence = (report?.Put ?? report?.Item) is { IsMutable: true } item ? item.Sequence : null,
        Answers = report?.Answers ?? 0,
        Stored = report?.Announced ?? 0,
        Duration = report?.Duration ?? TimeSpan.Zero,
    };
}
