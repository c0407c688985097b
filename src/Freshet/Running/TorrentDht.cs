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
    // By swarm; the last search of each, which may have ended.
    private readonly Dictionary<InfoHash, SearchKey> _searches = [];
    private bool _hasNamedNodes;

    public int Port => services.Network.Dht?.Port ?? 0;

    public void FindPeers(InfoHash swarm, bool isSeed, SearchUrgency urgency)
    {
        if (services.Network.Dht is not { } dht)
            return;
        if (!_hasNamedNodes)
            _ = dht.AddNodesAsync(actor.Identity.Nodes);
        _hasNamedNodes = true;
        AnnounceAs? announce = services.Network.ListenPort == 0 ? null : Announce(isSeed);
        _searches[swarm] = dht.FindPeers(swarm, announce, urgency, new Searcher(actor));
    }

    public void Withdraw()
    {
        foreach (SearchKey search in _searches.Values)
            services.Network.Dht?.Cancel(search);
        _searches.Clear();
    }

    public void OnNode(IPEndPoint node) => services.Network.Dht?.OnNode(node);

    private AnnounceAs Announce(bool isSeed)
    {
        (ushort port, bool impliesPort) = PortOver(AnnounceFamily.Any);
        return new AnnounceAs(port, impliesPort, isSeed) { OverV6 = PortOver(AnnounceFamily.IPv6) };
    }

    // uTP reaches us at the port our datagrams come from, even behind a router; TCP reaches us at our listen port, or at the port that the
    // router maps to it.
    private (ushort Port, bool ImpliesPort) PortOver(AnnounceFamily family)
    {
        int port = services.Network.AnnouncedPort(family);
        int listenPort = services.Network.ListenPort;
        return ((ushort)port, services.Options.Utp != UtpMode.Off && Port == listenPort && port == listenPort);
    }

    private sealed class Searcher(TorrentActor actor) : IDhtSearcher
    {
        public void OnPeersFound(IReadOnlyList<IPEndPoint> peers) => actor.PostPeers(peers, PeerSource.Dht);

        public void OnSearchEnded(SearchReport? report) =>
            actor.PostDhtSearched(new DhtOutcome(report?.Peers ?? 0, HasAsked: report is { Answers: > 0 }));
    }
}
