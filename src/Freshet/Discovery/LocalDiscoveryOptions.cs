using System.Net;
using Freshet.Core.Metainfo;
using Freshet.Network;

namespace Freshet.Discovery;

/// <summary>Options of <see cref="LocalDiscovery"/>.</summary>
internal sealed record LocalDiscoveryOptions
{
    public required NetworkBinding Binding { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>The port on which we listen for peers; 0 while we do not.</summary>
    public required Func<int> Port { get; init; }

    /// <summary>Called when a local peer announces a torrent, on any thread; must return quickly.</summary>
    public required Action<InfoHash, IPEndPoint> PeerFound { get; init; }
}
