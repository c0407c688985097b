using System.Net;
using Freshet.Core.Dht.Searching;
using Freshet.Discovery;

namespace Freshet.Running;

/// <summary>Collects the results of a search for a caller that waits for its end.</summary>
internal sealed class DhtSearch(Action<IReadOnlyList<IPEndPoint>>? found) : IDhtSearcher
{
    private readonly List<IPEndPoint> _peers = [];
    private readonly TaskCompletionSource<SearchReport?> _report = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the search ends; with null if too many searches are queued.</summary>
    public Task<SearchReport?> Report => _report.Task;

    /// <summary>The peers found; read it after the end.</summary>
    public IReadOnlyList<IPEndPoint> Peers => _peers;

    public void OnPeersFound(IReadOnlyList<IPEndPoint> peers)
    {
        _peers.AddRange(peers);
        found?.Invoke(peers);
    }

    public void OnSearchEnded(SearchReport? report) => _report.TrySetResult(report);
}
