using System.Net;
using Freshet.Core.Metainfo;
using Freshet.Network;

namespace Freshet.Discovery;

/// <summary>What a <see cref="LocalDiscovery"/> is made of.</summary>
internal sealed record LocalDiscoveryOptions
{
    public required NetworkBinding Binding { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Where we listen for peers; 0 while we do not.</summary>
    public required Func<int> Port { get; init; }

    /// <summary>Somebody near has a torrent. Called on any thread; must return soon.</summary>
    public required Action<InfoHash, IPEndPoint> PeerFound { get; init; }
}
