using System.Net;
using Freshet.Connections;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Wire;
using Freshet.Core.Wire.Extensions;

using Freshet.Disk;

namespace Freshet.Tests.Connections;

/// <summary>A connection under test and the far end of it: another connection, or a bare transport.</summary>
internal sealed class ConnectedPeers : IAsyncDisposable
{
    /// <summary>The extensions that are offered have the numbers 1 to 40.</summary>
    private static readonly ExtensionTable Extensions = ExtensionTable.Of(
        Enumerable.Range(1, 40).Select(number => new ExtensionRow($"x{number}", (byte)number, 30_000, ExtensionScope.All)),
        isPrivate: false);

    private readonly LoopbackPair _pair;
    private readonly List<PeerConnection> _connections = [];

    private ConnectedPeers(LoopbackPair pair, long poolBytes)
    {
        _pair = pair;
        Near = new CountingTransport(pair.Near);
        Torrent = new FakeTorrent(new BlockPool(poolBytes));
        Download = new RateLimit(null, null, Time);
        Upload = new RateLimit(null, null, Time);
    }

    public FakeTorrent Torrent { get; }

    public PatternReader Reader { get; } = new();

    /// <summary>The clock of the rate limits.</summary>
    public VirtualTime Time { get; } = new();

    public RateLimit Download { get; }

    public RateLimit Upload { get; }

    public PeerConnection Connection => _connections[0];

    /// <summary>The transport that the connection sends and receives by.</summary>
    public CountingTransport Near { get; }

    /// <summary>The other end.</summary>
    public TcpTransport Far => _pair.Far;

    public static async Task<ConnectedPeers> StartAsync(IPAddress? address = null, long poolBytes = 64 << 20, bool start = true)
    {
        ConnectedPeers peers = new(await LoopbackPair.ConnectAsync(address), poolBytes);
        peers.Add(peers.Near, peers.Torrent, peers.Reader, start);
        return peers;
    }

    /// <summary>Puts a connection at the other end as well.</summary>
    public PeerConnection AddFar(FakeTorrent torrent, PatternReader reader) => Add(_pair.Far, torrent, reader, start: true);

    /// <summary>Receives exactly this many bytes at the other end.</summary>
    public async Task<byte[]> ReceiveAsync(int count)
    {
        byte[] bytes = new byte[count];
        for (int at = 0; at < count;)
        {
            int received = await Far.ReceiveAsync(bytes.AsMemory(at)).AsTask().Bounded();
            Assert.NotEqual(0, received);
            at += received;
        }

        return bytes;
    }

    /// <summary>Sends messages from the bare transport at the other end.</summary>
    public async Task SendAsync(params PeerMessage[] messages)
    {
        foreach (PeerMessage message in messages)
        {
            byte[] bytes = new byte[PeerMessageWriter.Length(message)];
            PeerMessageWriter.Write(bytes, message);
            await Far.SendAsync(bytes).AsTask().Bounded();
        }
    }

    /// <summary>The message of a block with the bytes of the pattern.</summary>
    public static byte[] BlockMessage(BlockRange block)
    {
        byte[] bytes = new byte[PeerMessageReader.PieceHeaderLength + block.Length];
        PeerMessageWriter.WritePieceHeader(bytes, block);
        for (int i = 0; i < block.Length; i++)
            bytes[PeerMessageReader.PieceHeaderLength + i] = PatternReader.ByteAt(block, i);
        return bytes;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (PeerConnection connection in _connections)
        {
            connection.Stop(DisconnectReason.TorrentStopped, null);
            await connection.Ended.Bounded();
        }

        _pair.Dispose();
        Torrent.AssertNoFaults();
        await Patience.Until(() => Torrent.Pool.Rented == 0);
    }

    private PeerConnection Add(ITransport transport, FakeTorrent torrent, PatternReader reader, bool start)
    {
        PeerConnectionServices services = new(torrent.Blocks, reader, Download, Upload, TimeProvider.System);
        PeerMessageLimits limits = PeerMessageLimits.For(1_000) with { Extensions = Extensions };
        PeerConnection connection = new(new PeerKey(_connections.Count), transport, torrent, services, limits);
        _connections.Add(connection);
        if (start)
            connection.Start();
        return connection;
    }
}
