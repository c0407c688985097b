using System.Net;
using Freshet.Core.Metainfo;
using Freshet.Core.Wire;

namespace Freshet.Connections;

/// <summary>Where incoming connections find their torrent. Called from any thread.</summary>
internal interface IIncomingPeers
{
    /// <summary>
    /// Our handshake for a torrent, which may take a moment; null if it is not here, or takes no connection from that address.
    /// </summary>
    ValueTask<Handshake?> FindAsync(InfoHash infoHash, IPEndPoint remote, CancellationToken cancellationToken);

    /// <summary>
    /// The torrent that an encrypted handshake wants, by HASH('req2', SKEY), which may take a moment; null if it is not here.
    /// </summary>
    ValueTask<InfoHash?> FindWantedAsync(InfoHash wanted, IPEndPoint remote, CancellationToken cancellationToken);

    /// <summary>Takes over a connection whose handshakes are done.</summary>
    void OnConnected(ITransport transport, Handshake theirs);
}
