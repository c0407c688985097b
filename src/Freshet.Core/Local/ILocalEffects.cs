using System.Net;
using Freshet.Core.Metainfo;

namespace Freshet.Core.Local;

/// <summary>What a <see cref="LocalDiscoveryMachine"/> can ask for.</summary>
internal interface ILocalEffects
{
    /// <summary>Announces torrents on every local network.</summary>
    void Announce(ReadOnlySpan<InfoHash> torrents);

    /// <summary>A peer on a local network has one of our torrents.</summary>
    void PeerFound(InfoHash torrent, IPEndPoint peer);
}
