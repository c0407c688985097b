using System.Net;
using Freshet.Core.Dht.Searching;

namespace Freshet.Discovery;

/// <summary>The caller of a DHT search. Called on the UDP loop, so calls must return quickly.</summary>
internal interface IDhtSearcher
{
    void OnPeersFound(IReadOnlyList<IPEndPoint> peers);

    /// <summary>The search has ended. Null if it was never run because too many are queued.</summary>
    void OnSearchEnded(SearchReport? report);
}
