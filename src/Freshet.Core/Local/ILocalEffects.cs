using System.Net;
using Freshet.Core.Metainfo;

namespace Freshet.Core.Local;

/// <summary>What a <see cref="LocalDiscoveryMachine"/> can ask for.</summary>
internal interface ILocalEffects
{
    /// <summary>Announces torrents on every local network that there is.</summary>
    void Announce(ReadOnlySpan<InfoHash> torrents);

    /// <summary>Somebody on a local network has a torrent of ours.</summary>
    void PeerFound(InfoHash torrent, IPEndPoint peer);
}
