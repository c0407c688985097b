using System.Collections.Concurrent;
using System.Net;
using Freshet.Connections;
using Freshet.Core.Metainfo;
using Freshet.Core.Wire;
using Freshet.Core.Wire.Encryption;

namespace Freshet.Tests.Connections;

/// <summary>Knows one torrent, and keeps the connections that arrive for it.</summary>
/// <param name="known">The torrent, if it is another one than <see cref="Torrent"/>.</param>
internal sealed class FakeSession(InfoHash? known = null) : IIncomingPeers, IDisposable
{
    public static readonly InfoHash Torrent = new(Enumerable.Repeat((byte)7, 20).ToArray());
    public static readonly Handshake Ours = new(ReservedBits.Ours, Torrent, new PeerId("-FR0100-the-session."u8));
    public static readonly Handshake Theirs = new(ReservedBits.Ours, Torrent, new PeerId("-FR0100-another-one."u8));

    private readonly InfoHash _known = known ?? Torrent;

    public ConcurrentQueue<(ITransport Transport, Handshake Theirs)> Connected { get; } = new();

    public ValueTask<Handshake?> FindAsync(InfoHash infoHash, IPEndPoint remote, CancellationToken cancellationToken) =>
        ValueTask.FromResult<Handshake?>(infoHash == _known ? Ours with { InfoHash = _known } : null);

    public ValueTask<InfoHash?> FindWantedAsync(InfoHash wanted, IPEndPoint remote, CancellationToken cancellationToken) =>
        ValueTask.FromResult<InfoHash?>(wanted == MseHash.OfTorrent(_known) ? _known : null);

    public void OnConnected(ITransport transport, Handshake theirs) => Connected.Enqueue((transport, theirs));

    public void Dispose()
    {
        foreach ((ITransport transport, _) in Connected)
            transport.Dispose();
    }
}
