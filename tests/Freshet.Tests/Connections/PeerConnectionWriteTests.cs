using Freshet.Connections;
using Freshet.Core;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Wire;

using Freshet.Disk;

namespace Freshet.Tests.Connections;

public class PeerConnectionWriteTests
{
    private static BlockRange Block(int piece, int index = 0) => new(new PieceIndex(piece), index * 16_384, 16_384);

    [Fact]
    public async Task Messages_arrive_as_specified_and_only_when_flushed()
    {
        await using ConnectedPeers peers = await ConnectedPeers.StartAsync();
        await peers.Torrent.Do(() =>
        {
            Assert.True(peers.Connection.Send(PeerMessage.Interested));
            Assert.False(peers.Connection.Send(PeerMessage.Have(new PieceIndex(7))));
            Assert.False(peers.Connection.SendBlock(new BlockRange(new PieceIndex(1), 4, 3)));
            Assert.Equal(0, peers.Connection.BytesSent);
            peers.Connection.Flush();
        });
        byte[] expected =
            [0, 0, 0, 1, 2, 0, 0, 0, 5, 4, 0, 0, 0, 7, .. ConnectedPeers.BlockMessage(new BlockRange(new PieceIndex(1), 4, 3))];
        Assert.Equal(expected, await peers.ReceiveAsync(expected.Length));
        await Patience.Until(() => peers.Torrent.Uploaded.Count == 1);
        Assert.Equal(expected.Length, peers.Connection.BytesSent);
        Assert.Equal(1, peers.Reader.Reads);
    }

    [Fact]
    public async Task Blocks_go_both_ways_at_once_between_two_connections()
    {
        await using ConnectedPeers peers = await ConnectedPeers.StartAsync();
        FakeTorrent other = new(new BlockPool());
        PeerConnection far = peers.AddFar(other, new PatternReader());
        foreach ((FakeTorrent torrent, PeerConnection connection) in new[] { (peers.Torrent, peers.Connection), (other, far) })
        {
            await torrent.Do(() =>
            {
                for (int i = 0; i < Limits.MaxQueuedUploads; i++)
                {
                    connection.SendBlock(Block(i / 8, i % 8));
                    if (i % 10 == 0)
                        connection.Send(PeerMessage.Have(new PieceIndex(i)));
                }

                connection.Flush();
            });
        }

        int expected = Limits.MaxQueuedUploads + ((Limits.MaxQueuedUploads + 9) / 10);
        await Patience.Until(() => peers.Torrent.Messages.Count == expected && other.Messages.Count == expected);
        IEnumerable<BlockRange> blocks = other.Messages.Where(message => message.Id == MessageId.Piece).Select(message => message.Range);
        Assert.Equal(Enumerable.Range(0, Limits.MaxQueuedUploads).Select(i => Block(i / 8, i % 8)), blocks);
        await Patience.Until(() => other.Pool.Rented == 0 && peers.Torrent.Uploaded.Count == Limits.MaxQueuedUploads);
        other.AssertNoFaults();
    }

    [Fact]
    public async Task Control_messages_overtake_blocks()
    {
        await using ConnectedPeers peers = await ConnectedPeers.StartAsync();
        TaskCompletionSource gate = new();
        peers.Reader.Gate = gate.Task;
        await peers.Torrent.Do(() =>
        {
            for (int i = 0; i < 100; i++)
                peers.Connection.SendBlock(Block(i));
            peers.Connection.Flush();
        });
        await Patience.Until(() => peers.Reader.Reads == 1);
        await peers.Torrent.Do(() =>
        {
            peers.Connection.Send(PeerMessage.Choke);
            peers.Connection.Flush();
        });
        gate.SetResult();

        // The choke is sent with the next batch: after the block that was being read, before most of the others.
        byte[] bytes = await peers.ReceiveAsync((100 * (16_384 + 13)) + 5);
        int at = 0;
        while (bytes[at + 4] == (byte)MessageId.Piece)
            at += 16_384 + 13;
        Assert.Equal((byte)MessageId.Choke, bytes[at + 4]);
        Assert.InRange(at / (16_384 + 13), 1, 16);
    }

    [Fact]
    public async Task A_block_can_be_cancelled_until_it_is_read()
    {
        await using ConnectedPeers peers = await ConnectedPeers.StartAsync();
        TaskCompletionSource gate = new();
        peers.Reader.Gate = gate.Task;
        await peers.Torrent.Do(() =>
        {
            for (int i = 0; i < 40; i++)
                peers.Connection.SendBlock(Block(i));
            peers.Connection.Flush();
        });
        await Patience.Until(() => peers.Reader.Reads == 1);
        List<BlockRange> cancelled = [];
        await peers.Torrent.Do(() =>
        {
            Assert.False(peers.Connection.CancelBlock(Block(0)));
            Assert.True(peers.Connection.CancelBlock(Block(39)));
            Assert.False(peers.Connection.CancelBlock(Block(39)));
            peers.Connection.CancelBlocks(cancelled);
            peers.Connection.SendBlock(Block(50));
            peers.Connection.Flush();
        });
        gate.SetResult();
        await Patience.Until(() => peers.Torrent.Uploaded.Contains(Block(50)));

        // Each requested block is either cancelled or sent: never both, never neither.
        IEnumerable<int> pieces = peers.Torrent.Uploaded.Concat(cancelled).Append(Block(39)).Select(block => block.Piece.Value);
        Assert.Equal(Enumerable.Range(0, 40).Append(50), pieces.Order());
        await peers.ReceiveAsync(peers.Torrent.Uploaded.Count * (16_384 + 13));
    }

    [Fact]
    public async Task A_block_that_cannot_be_read_is_reported_and_the_others_are_sent()
    {
        await using ConnectedPeers peers = await ConnectedPeers.StartAsync();
        peers.Reader.Break(new PieceIndex(1));
        await peers.Torrent.Do(() =>
        {
            for (int i = 0; i < 3; i++)
                peers.Connection.SendBlock(Block(i));
            peers.Connection.Flush();
        });
        await Patience.Until(() => peers.Torrent.Failed.Count + peers.Torrent.Uploaded.Count == 3);
        Assert.Contains((Block(1), "the disk is broken"), peers.Torrent.Failed);
        Assert.Contains(Block(0), peers.Torrent.Uploaded);
        await peers.SendAsync(PeerMessage.Interested);
        await Patience.Until(() => peers.Torrent.Messages.Count == 1);
    }

    [Fact]
    public async Task A_peer_that_does_not_read_is_given_up()
    {
        await using ConnectedPeers peers = await ConnectedPeers.StartAsync();
        await peers.Torrent.Do(() =>
        {
            for (int i = 0; i < Limits.MaxQueuedUploads; i++)
                peers.Connection.SendBlock(Block(i));
            peers.Connection.Flush();
        });

        // The sockets' buffers fill up, and then a send blocks.
        long sent = -1;
        await Patience.Until(() => Interlocked.Exchange(ref sent, peers.Connection.BytesSent) == peers.Connection.BytesSent && sent > 0);
        Timestamp now = new(TimeProvider.System.GetElapsedTime(0).Ticks);
        await peers.Torrent.Do(() => peers.Connection.CheckStall(now));
        Assert.False(peers.Torrent.Closed.Task.IsCompleted);
        await Patience.Until(() =>
        {
            peers.Connection.CheckStall(now + TimeSpan.FromSeconds(ConnectionLimits.SendTimeoutSeconds + 30));
            return peers.Torrent.Closed.Task.IsCompleted;
        });
        Assert.Equal(DisconnectReason.TimedOut, (await peers.Torrent.Closed.Task).Reason);
    }

    [Fact]
    public async Task Control_messages_for_a_peer_that_does_not_read_are_bounded()
    {
        await using ConnectedPeers peers = await ConnectedPeers.StartAsync();
        await peers.Torrent.Do(() =>
        {
            PeerMessage message = PeerMessage.Extended(1, new byte[100_000]);
            for (int i = 0; i < 1_000 && !peers.Connection.IsClosing; i++)
                peers.Connection.Send(message);
        });
        Assert.Equal(DisconnectReason.TimedOut, (await peers.Torrent.Closed.Task.Bounded()).Reason);
    }

    [Fact]
    public async Task An_upload_limit_holds_blocks_back_but_not_control_messages()
    {
        await using ConnectedPeers peers = await ConnectedPeers.StartAsync();
        peers.Upload.SetRate(new DataRate(1_000));
        peers.Time.Advance(TimeSpan.FromMilliseconds(250));
        await peers.Torrent.Do(() =>
        {
            // Part of the first one may be sent.
            peers.Connection.SendBlock(new BlockRange(new PieceIndex(0), 0, Limits.MaxRequestLength));
            peers.Connection.SendBlock(Block(1));
            peers.Connection.Flush();
        });
        await peers.ReceiveAsync(1_024);
        await peers.Torrent.Do(() =>
        {
            peers.Connection.Send(PeerMessage.Choke);
            peers.Connection.Flush();
        });

        // The rest is sent too, since the message behind it must not wait.
        await peers.ReceiveAsync(Limits.MaxRequestLength + 13 - 1_024);
        Assert.Equal([0, 0, 0, 1, 0], await peers.ReceiveAsync(5));
        await peers.Torrent.Do(() => Assert.True(peers.Connection.CancelBlock(Block(1))));
    }

    [Fact]
    public async Task Lifting_a_limit_releases_those_who_wait()
    {
        await using ConnectedPeers peers = await ConnectedPeers.StartAsync();
        peers.Upload.SetRate(new DataRate(1_000));
        peers.Time.Advance(TimeSpan.FromMilliseconds(250));
        await peers.Torrent.Do(() =>
        {
            for (int i = 0; i < 40; i++)
                peers.Connection.SendBlock(Block(i));
            peers.Connection.Flush();
        });
        await Patience.Until(() => peers.Reader.Reads > 0);
        peers.Upload.SetRate(null);
        await peers.ReceiveAsync(40 * (16_384 + 13));
    }
}
