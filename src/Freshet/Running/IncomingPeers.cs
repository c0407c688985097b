using System.Net;
using Freshet.Connections;
using Freshet.Core.Metainfo;
using Freshet.Core.Torrents;
using Freshet.Core.Wire;

namespace Freshet.Running;

/// <summary>Brings peers that connect to us to their torrents.</summary>
internal sealed class IncomingPeers(SessionServices services, TorrentTable torrents) : IIncomingPeers
{
    public bool TryGetHandshake(InfoHash infoHash, IPEndPoint remote, out Handshake ours)
    {
        ours = services.HandshakeFor(infoHash);
        return torrents.Find(infoHash)?.Status.State is TorrentState.Downloading or TorrentState.Seeding or TorrentState.Paused;
    }

    public void OnConnected(ITransport transport, Handshake theirs)
    {
        if (torrents.Find(theirs.InfoHash) is { } torrent)
            torrent.Actor.PostIncoming(transport, theirs);
        else
            transport.Abort();
    }
}
