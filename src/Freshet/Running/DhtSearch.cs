using System.Net;
using Freshet.Core.Dht.Searching;
using Freshet.Discovery;

namespace Freshet.Running;

/// <summary>Gathers what a search finds for one who waits for its end.</summary>
internal sealed class DhtSearch(Action<IReadOnlyList<IPEndPoint>>? found) : IDhtSearcher
{
    private readonly List<IPEndPoint> _peers = [];
    private readonly TaskCompletionSource<SearchReport?> _report = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes at the end; null if too many searches wait.</summary>
    public Task<SearchReport?> Report => _report.Task;

    /// <summary>To be read at the end.</summary>
    public IReadOnlyList<IPEndPoint> Peers => _peers;

    public void OnPeersFound(IReadOnlyList<IPEndPoint> peers)
    {
        _peers.AddRange(peers);
        found?.Invoke(peers);
    }

    public void OnSearchEnded(SearchReport? report) => _report.TrySetResult(report);
}
