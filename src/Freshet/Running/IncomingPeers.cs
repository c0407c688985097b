using System.Net;
using Freshet.Connections;
using Freshet.Core;
using Freshet.Core.Metainfo;
using Freshet.Core.Peers;
using Freshet.Core.Torrents;
using Freshet.Core.Wire;

namespace Freshet.Running;

/// <summary>Routes incoming peers to their torrents.</summary>
internal sealed class IncomingPeers(SessionServices services, TorrentTable torrents) : IIncomingPeers
{
    private readonly long _began = services.Time.GetTimestamp();

    public async ValueTask<Handshake?> FindAsync(InfoHash infoHash, IPEndPoint remote, CancellationToken cancellationToken)
    {
        bool isOpen = IsOpen(infoHash)
            || await services.EarlyPeers.WaitAsync(
                remote.Address, () => IsOpen(infoHash), () => MayOpen(infoHash), cancellationToken).ConfigureAwait(false);
        return isOpen ? services.HandshakeFor(infoHash) : null;
    }

    public async ValueTask<InfoHash?> FindWantedAsync(InfoHash wanted, IPEndPoint remote, CancellationToken cancellationToken)
    {
        if (torrents.FindWanted(wanted) is not { } found)
        {
            await services.EarlyPeers.WaitAsync(
                remote.Address, () => torrents.FindWanted(wanted) is not null, MayCome, cancellationToken).ConfigureAwait(false);
            return torrents.FindWanted(wanted);
        }

        return found;
    }

    public void OnConnected(ITransport transport, Handshake theirs)
    {
        if (AddressScopes.Of(transport.RemoteEndPoint.Address) == AddressScope.Public)
            services.Network.OnOutsider();
        if (torrents.Find(theirs.InfoHash) is { } torrent)
            services.Competition.Incoming(torrent.Actor.Key, transport, theirs);
        else
            transport.Abort();
    }

    private bool IsOpen(InfoHash infoHash) =>
        torrents.Find(infoHash)?.Status.State
            is TorrentState.FetchingMetadata or TorrentState.Downloading or TorrentState.Seeding or TorrentState.WaitingForDisk;

    // A torrent's info-hash is known only once its source is read, so anything being added, or still to be restored, may be the one.
    private bool MayOpen(InfoHash infoHash) => MayCome() || torrents.Find(infoHash)?.Status.State is TorrentState.Checking;

    private bool MayCome() => torrents.IsAdding || services.Time.GetElapsedTime(_began).TotalSeconds < Limits.EarlyPeerSeconds;
}
