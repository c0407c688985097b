using Freshet.Core.Peers;
using Freshet.Core.Torrents;
using Freshet.Diagnostics;

namespace Freshet.Running;

/// <summary>Counts connected peers, by how we came to know them and by what carries them, from what torrents last published.</summary>
internal static class PeerCounts
{
    /// <summary>Each combination once, also those that no peer has.</summary>
    public static IReadOnlyList<PeerCount> Of(IEnumerable<Torrent> torrents)
    {
        PeerSource[] sources = Enum.GetValues<PeerSource>();
        PeerTransport[] transports = Enum.GetValues<PeerTransport>();
        int[] counts = new int[sources.Length * transports.Length];
        foreach (Torrent torrent in torrents)
        {
            foreach (PeerStatus peer in torrent.Peers)
                counts[((int)SourceOf(peer) * transports.Length) + (int)peer.Transport]++;
        }

        return
        [
            .. from source in sources
               from transport in transports
               select new PeerCount(source, transport, counts[((int)source * transports.Length) + (int)transport]),
        ];
    }

    // Several may have named it. It counts once, so that the sum is right.
    private static PeerSource SourceOf(PeerStatus peer) => peer.IsOutgoing
        ? peer.Sources.All.FirstOrDefault(PeerSource.Exchange)
        : PeerSource.Incoming;
}
