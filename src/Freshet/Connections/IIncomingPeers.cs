using System.Net;
using Freshet.Core.Metainfo;
using Freshet.Core.Wire;

namespace Freshet.Connections;

/// <summary>Finds the torrent of an incoming connection. Called from any thread.</summary>
internal interface IIncomingPeers
{
    /// <summary>
    /// Our handshake for a torrent, which may take a moment; null if the torrent is unknown or accepts no connection from that address.
    /// </summary>
    ValueTask<Handshake?> FindAsync(InfoHash infoHash, IPEndPoint remote, CancellationToken cancellationToken);

    /// <summary>
    /// The torrent that an encrypted handshake names by HASH('req2', SKEY), which may take a moment; null if it is unknown.
    /// </summary>
    ValueTask<InfoHash?> FindWantedAsync(InfoHash wanted, IPEndPoint remote, CancellationToken cancellationToken);

    /// <summary>Takes over a connection after its handshakes.</summary>
    void OnConnected(ITransport transport, Handshake theirs);
}
