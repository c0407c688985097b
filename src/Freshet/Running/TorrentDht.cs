using System.Net;
using Freshet.Core.Dht.Searching;
using Freshet.Core.Metainfo;
using Freshet.Core.Peers;
using Freshet.Core.Torrents;
using Freshet.Core.Trackers;
using Freshet.Discovery;

namespace Freshet.Running;

/// <summary>Queries the session's DHT node for a torrent, and posts the results to the torrent's loop.</summary>
internal sealed class TorrentDht(SessionServices services, TorrentActor actor) : ITorrentDht
{
    private bool _hasNamedNodes;

    public int Port => services.Network.Dht?.Port ?? 0;

    public void FindPeers(InfoHash swarm, bool isSeed)
    {
        if (services.Network.Dht is not { } dht)
            return;
        if (!_hasNamedNodes)
            _ = dht.AddNodesAsync(actor.Identity.Nodes);
        _hasNamedNodes = true;

        // uTP reaches us at the port our datagrams come from, even behind a router; TCP reaches us at our listen port, or at the port that
        // the router maps to it.
        int port = services.Network.AnnouncedPort(AnnounceFamily.Any);
        bool hasUtp = services.Options.Utp != UtpMode.Off && Port == services.Network.ListenPort && port == services.Network.ListenPort;
        AnnounceAs? announce = services.Network.ListenPort == 0 ? null : new AnnounceAs((ushort)port, ImpliesPort: hasUtp, isSeed);
        dht.FindPeers(swarm, announce, new Searcher(actor));
    }

    public void OnNode(IPEndPoint node) => services.Network.Dht?.OnNode(node);

    private sealed class Searcher(TorrentActor actor) : IDhtSearcher
    {
        public void OnPeersFound(IReadOnlyList<IPEndPoint> peers) => actor.PostPeers(peers, PeerSource.Dht);

        public void OnSearchEnded(SearchReport? report) =>
            actor.PostDhtSearched(new DhtOutcome(report?.Peers ?? 0, HasAsked: report is { Answers: > 0 }));
    }
}
