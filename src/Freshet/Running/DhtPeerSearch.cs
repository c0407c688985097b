using System.Net;
using Freshet.Core.Dht.Searching;
using Freshet.Discovery;

namespace Freshet.Running;

/// <summary>Gathers what a search finds for one who waits for its end.</summary>
internal sealed class DhtPeerSearch(Action<IReadOnlyList<IPEndPoint>>? found) : IDhtSearcher
{
    private readonly List<IPEndPoint> _peers = [];
    private readonly TaskCompletionSource<DhtPeers> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<DhtPeers> Result => _result.Task;

    public void OnPeersFound(IReadOnlyList<IPEndPoint> peers)
    {
        _peers.AddRange(peers);
        found?.Invoke(peers);
    }

    public void OnSearchEnded(SearchReport? report) => _result.TrySetResult(new DhtPeers
    {
        Peers = [.. _peers],
        Queries = report?.Queries ?? 0,
        Answers = report?.Answers ?? 0,
        Announced = report?.Announced ?? 0,
        Seeds = report?.Seeds,
        Leechers = report?.Leechers,
        Rounds = report?.Rounds ?? 0,
        Duration = report?.Duration ?? TimeSpan.Zero,
    });
}
