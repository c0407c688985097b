using Freshet.Core.Peers;
using Freshet.Core.Torrents;
using Freshet.Discovery;

namespace Freshet.Running;

/// <summary>Connects local discovery with the torrents of a session.</summary>
internal static class LocalStart
{
    public static LocalDiscovery Create(SessionServices services, SessionNetwork network) => new(new LocalDiscoveryOptions
    {
        Binding = network.Binding,
        Time = services.Time,
        Port = () => network.ListenPort,
        PeerFound = (torrent, peer) => services.Torrents.Find(torrent)?.Actor.PostPeers([peer], PeerSource.Local),
    });

    /// <summary>A torrent's phase changed: it is announced while it wants peers, unless it is private.</summary>
    public static void OnPhase(this LocalDiscovery local, TorrentActor actor, TorrentPhase phase)
    {
        bool isOut = phase is TorrentPhase.FetchingMetadata or TorrentPhase.Downloading or TorrentPhase.Seeding;
        local.Set(actor.Identity.SwarmHashes, isOut && actor.Identity.IsPrivate != true);
    }
}
