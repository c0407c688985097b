using System.Net;
using Freshet.Core;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;

using Freshet.Core.Wire;

namespace Freshet.Tests.Connections;

public class PeerConnectionReadTests
{
    private static readonly PeerMessage[] SomeOfEach =
    [
        PeerMessage.Bitfield(new byte[125]), PeerMessage.Unchoke, PeerMessage.Have(new PieceIndex(3)), PeerMessage.KeepAlive,
        PeerMessage.Request(new BlockRange(new PieceIndex(1), 0, 16_384)), PeerMessage.Extended(0, "de"u8.ToArray()), PeerMessage.Choke,
    ];

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task Messages_arrive_in_order_over_both_families(string address)
    {
        Requires.Loopback(IPAddress.Parse(address));
        await using ConnectedPeers peers = await ConnectedPeers.StartAsync(IPAddress.Parse(address));
        await peers.SendAsync(SomeOfEach);
        await Patience.Until(() => peers.Torrent.Messages.Count == SomeOfEach.Length);
        Assert.Equal(SomeOfEach.Select(message => message.Id), peers.Torrent.Messages.Select(message => message.Id));
    }

    /// <summary>Otherwise a peer with Nagle's algorithm holds back its next requests for as long as the system waits.</summary>
    [Fact]
    public async Task A_small_message_is_acknowledged_at_once_if_nothing_is_being_sent()
    {
        await using ConnectedPeers peers = await ConnectedPeers.StartAsync();
        TaskCompletionSource gate = new();
        peers.Reader.Gate = gate.Task;
        peers.Connection.SendBlock(new BlockRange(new PieceIndex(1), 0, 16_384));
        peers.Connection.Flush();
        await Patience.Until(() => peers.Reader.Reads == 1);

        // When the second message is there, it is decided how the first was acknowledged.
        await peers.SendAsync(PeerMessage.Interested, PeerMessage.KeepAlive);
        await Patience.Until(() => peers.Torrent.Messages.Count == 2);
        Assert.Equal(0, peers.Near.Acknowledgements);

        gate.SetResult();
        await Patience.Until(() => peers.Torrent.Uploaded.Count == 1 && peers.Connection.IsSendingNothing);
        await peers.SendAsync(PeerMessage.NotInterested);
        await Patience.Until(() => peers.Near.Acknowledgements > 0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Messages_cut_anywhere_are_put_together_again(int seed)
    {
        await using ConnectedPeers peers = await ConnectedPeers.StartAsync();
        Random random = new(seed);
        List<MessageId> sent = [];
        MemoryStream stream = new();
        for (int i = 0; i < 300; i++)
        {
            if (random.Next(3) == 0)
            {
                stream.Write(
                    ConnectedPeers.BlockMessage(new BlockRange(new PieceIndex(i), 16_384 * random.Next(9), random.Next(1, 16_385))));
                sent.Add(MessageId.Piece);
            }
            else
            {
                PeerMessage message = SomeOfEach[random.Next(SomeOfEach.Length)];
                byte[] bytes = new byte[PeerMessageWriter.Length(message)];
                PeerMessageWriter.Write(bytes, message);
                stream.Write(bytes);
                sent.Add(message.Id);
            }
        }

        ReadOnlyMemory<byte> rest = stream.ToArray();
        while (!rest.IsEmpty)
        {
            int length = Math.Min(rest.Length, random.Next(4) == 0 ? random.Next(1, 8) : random.Next(1, 40_000));
            await peers.Far.SendAsync(rest[..length]).AsTask().Bounded();
            rest = rest[length..];
        }

        await Patience.Until(() => peers.Torrent.Messages.Count == sent.Count);
        Assert.Equal(sent, peers.Torrent.Messages.Select(message => message.Id));
    }

    [Theory]
    [InlineData("0000000200")]
    [InlineData("FFFFFFFF07")]
    [InlineData("0000400A0700000000000000")]
    [InlineData("474554202F20485454502F312E310D0A")] // GET / HTTP/1.1
    public async Task Garbage_costs_the_connection_and_what_came_before_it_is_delivered(string hex)
    {
        await using ConnectedPeers peers = await ConnectedPeers.StartAsync();
        await peers.SendAsync(PeerMessage.Unchoke);
        await peers.Far.SendAsync(ConnectedPeers.BlockMessage(new BlockRange(new PieceIndex(1), 0, 16_384))).AsTask().Bounded();
        await peers.Far.SendAsync(Convert.FromHexString(hex)).AsTask().Bounded();
        (DisconnectReason reason, string? detail) = await peers.Torrent.Closed.Task.Bounded();
        Assert.Equal(DisconnectReason.ProtocolViolation, reason);
        Assert.StartsWith("the peer sent a message", detail, StringComparison.Ordinal);
        Assert.Equal([MessageId.Unchoke, MessageId.Piece], peers.Torrent.Messages.Select(message => message.Id));
    }

    [Fact]
    public async Task Everything_that_a_peer_sent_before_it_closed_is_delivered()
    {
        await using ConnectedPeers peers = await ConnectedPeers.StartAsync();
        for (int i = 0; i < 40; i++)
            await peers.Far.SendAsync(ConnectedPeers.BlockMessage(new BlockRange(new PieceIndex(i), 0, 16_384))).AsTask().Bounded();
        peers.Far.Dispose();
        Assert.Equal(DisconnectReason.ClosedByPeer, (await peers.Torrent.Closed.Task.Bounded()).Reason);
        Assert.Equal(40, peers.Torrent.Messages.Count);
    }

    [Fact]
    public async Task A_message_of_an_unknown_kind_is_ignored()
    {
        await using ConnectedPeers peers = await ConnectedPeers.StartAsync();
        await peers.Far.SendAsync(Convert.FromHexString("00000005C801020304")).AsTask().Bounded();
        await peers.SendAsync(PeerMessage.HaveAll);
        await Patience.Until(() => peers.Torrent.Messages.Count == 1);
        Assert.Equal(MessageId.HaveAll, peers.Torrent.Messages.Single().Id);
    }

    [Fact]
    public async Task An_empty_pool_stops_reading_until_blocks_are_returned()
    {
        // There are 64 blocks in the pool, and more than twice as many on their way.
        await using ConnectedPeers peers = await ConnectedPeers.StartAsync(poolBytes: 1);
        FakeTorrent torrent = peers.Torrent;
        Queue<BlockLease> held = new();
        int blocks = 0;
        torrent.OnMessage = message =>
        {
            blocks++;
            held.Enqueue(message.Lease);
        };
        Task sending = Task.Run(
            async () =>
            {
                for (int i = 0; i < 300; i++)
                    await peers.Far.SendAsync(ConnectedPeers.BlockMessage(new BlockRange(new PieceIndex(i), 0, 16_384)));
            },
            TestContext.Current.CancellationToken);

        for (int handled = 0; handled < 300;)
        {
            int full = Math.Min(torrent.Pool.Capacity, 300 - handled);
            await Patience.Until(() => Volatile.Read(ref blocks) - handled >= full);
            Assert.True(torrent.Pool.Rented <= torrent.Pool.Capacity);
            int returned = 0;
            await torrent.Do(() =>
            {
                while (held.TryDequeue(out BlockLease lease))
                {
                    torrent.Pool.Return(lease);
                    returned++;
                }
            });
            handled += returned;
        }

        await sending.Bounded();
        await Patience.Until(() => torrent.Pool.Rented == 0);
    }

    [Fact]
    public async Task A_busy_torrent_is_not_buried_in_messages()
    {
        await using ConnectedPeers peers = await ConnectedPeers.StartAsync();
        using ManualResetEventSlim busy = new();
        Task blocked = peers.Torrent.Do(() => busy.Wait(Patience.Bound));
        byte[] haves = new byte[9 * 20_000];
        for (int i = 0; i < 20_000; i++)
            PeerMessageWriter.Write(haves.AsSpan(9 * i), PeerMessage.Have(new PieceIndex(i)));
        Task sending = peers.Far.SendAsync(haves).AsTask();
        await Patience.Until(() => peers.Connection.BytesReceived > 9 * Limits.MaxMessagesPerBatch);
        busy.Set();
        await blocked;
        await sending.Bounded();
        await Patience.Until(() => peers.Torrent.Messages.Count == 20_000);
        Assert.Equal(Enumerable.Range(0, 20_000), peers.Torrent.Messages.Select(message => message.Piece.Value));
        Assert.InRange(peers.Torrent.LargestBatch, 1, Limits.MaxMessagesPerBatch);
    }

    [Fact]
    public async Task An_ended_connection_is_silent_and_its_blocks_are_returned()
    {
        await using ConnectedPeers peers = await ConnectedPeers.StartAsync();
        FakeTorrent torrent = peers.Torrent;
        bool closed = false;
        torrent.OnMessage = message =>
        {
            Assert.False(closed);
            torrent.Pool.Return(message.Lease);
        };
        using ManualResetEventSlim busy = new();
        Task blocked = torrent.Do(() =>
        {
            busy.Wait(Patience.Bound);
            closed = true;
            peers.Connection.Close(DisconnectReason.Useless);
        });
        for (int i = 0; i < 20; i++)
            await peers.Far.SendAsync(ConnectedPeers.BlockMessage(new BlockRange(new PieceIndex(i), 0, 16_384))).AsTask().Bounded();
        await Patience.Until(() => torrent.Pool.Rented == 20);
        busy.Set();
        await blocked;
        await peers.Connection.Ended.Bounded();
        await Patience.Until(() => torrent.Pool.Rented == 0);
        await torrent.Do(() => { });
        Assert.False(torrent.Closed.Task.IsCompleted);
    }

    [Fact]
    public async Task A_connection_that_waits_for_a_block_can_be_ended()
    {
        await using ConnectedPeers peers = await ConnectedPeers.StartAsync(poolBytes: 1);
        FakeTorrent torrent = peers.Torrent;
        List<BlockLease> all = [];
        while (torrent.Blocks.TryRent(out BlockLease lease))
            all.Add(lease);
        await peers.Far.SendAsync(ConnectedPeers.BlockMessage(new BlockRange(new PieceIndex(1), 0, 16_384))).AsTask().Bounded();
        await Patience.Until(() => peers.Connection.BytesReceived > 16_384);
        await torrent.Do(() => peers.Connection.Close(DisconnectReason.TorrentStopped));
        await peers.Connection.Ended.Bounded();
        all.ForEach(torrent.Pool.Return);
        Assert.Equal(0, torrent.Pool.Rented);
    }
}
