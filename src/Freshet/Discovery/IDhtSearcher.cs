using System.Net;
using Freshet.Core.Dht.Searching;

namespace Freshet.Discovery;

/// <summary>Who has asked for a search in the DHT. Called on the UDP loop; nothing may take long.</summary>
internal interface IDhtSearcher
{
    void OnPeersFound(IReadOnlyList<IPEndPoint> peers);

    /// <summary>Nothing more comes. Null if there was no search, since too many wait.</summary>
    void OnSearchEnded(SearchReport? report);
}
