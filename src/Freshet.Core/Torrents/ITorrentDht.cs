using System.Net;
using Freshet.Core.Dht.Searching;
using Freshet.Core.Metainfo;

namespace Freshet.Core.Torrents;

/// <summary>The DHT as a torrent needs it. Calls return at once; results arrive as inputs of the machine.</summary>
internal interface ITorrentDht
{
    /// <summary>The port of our node, as sent to peers (BEP 5); 0 while there is none.</summary>
    int Port { get; }

    /// <summary>
    /// Searches for peers of a swarm and announces us there. Answered by any number of OnPeersFound, then by OnDhtSearched.
    /// </summary>
    void FindPeers(InfoHash swarm, bool isSeed, SearchUrgency urgency);

    /// <summary>Ends all searches: from now on they announce us no more, and nothing is reported.</summary>
    void Withdraw();

    /// <summary>A peer has reported the address of its node.</summary>
    void OnNode(IPEndPoint node);
}
