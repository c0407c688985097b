using System.Net;
using Freshet.Core.Metainfo;

namespace Freshet.Core.Torrents;

/// <summary>The DHT as a torrent needs it. Calls return at once; what comes of them arrives as inputs of the machine.</summary>
internal interface ITorrentDht
{
    /// <summary>The port of our node, as peers are told (BEP 5); 0 while there is none.</summary>
    int Port { get; }

    /// <summary>
    /// Looks for peers of a swarm, and announces us there. Answered by OnPeersFound, any number of times, and then by OnDhtSearched.
    /// </summary>
    void FindPeers(InfoHash swarm, bool isSeed);

    /// <summary>A peer says where its node is.</summary>
    void OnNode(IPEndPoint node);
}
