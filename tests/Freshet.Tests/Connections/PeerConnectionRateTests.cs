using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Tests.Connections;

/// <summary>Limits with a virtual clock: the bytes are real, the seconds are not.</summary>
public class PeerConnectionRateTests
{
    private const int Blocks = 60;
    private const int Bytes = Blocks * (16_384 + 13);
    private static readonly DataRate Rate = new(100_000);

    [Fact]
    public async Task A_download_limit_is_kept()
    {
        await using ConnectedPeers peers = await ConnectedPeers.StartAsync();
        peers.Download.SetRate(Rate);
        Task sending = Task.Run(
            async () =>
            {
                for (int i = 0; i < Blocks; i++)
                    await peers.Far.SendAsync(ConnectedPeers.BlockMessage(new BlockRange(new PieceIndex(i), 0, 16_384)));
            },
            TestContext.Current.CancellationToken);
        await AssertLimited(peers, () => peers.Connection.BytesReceived);
        await sending.Bounded();
        await Patience.Until(() => peers.Torrent.Messages.Count == Blocks);
    }

    [Fact]
    public async Task An_upload_limit_is_kept()
    {
        await using ConnectedPeers peers = await ConnectedPeers.StartAsync();
        peers.Upload.SetRate(Rate);
        await peers.Torrent.Do(() =>
        {
            for (int i = 0; i < Blocks; i++)
                peers.Connection.SendBlock(new BlockRange(new PieceIndex(i), 0, 16_384));
            peers.Connection.Flush();
        });
        Task receiving = peers.ReceiveAsync(Bytes);
        await AssertLimited(peers, () => peers.Connection.BytesSent);
        await receiving;
    }

    /// <summary>Lets the clock run until everything is transferred, and checks that it was never more than the limit allows.</summary>
    private static async Task AssertLimited(ConnectedPeers peers, Func<long> transferred)
    {
        TimeSpan elapsed = TimeSpan.Zero;
        await Patience.Until(() =>
        {
            // The burst, and the debt of one share; a block is sent in parts.
            Assert.InRange(transferred(), 0, (elapsed.TotalSeconds * Rate.BytesPerSecond) + 15_000 + 6_250 + 2_048);
            peers.Time.Advance(TimeSpan.FromMilliseconds(20));
            elapsed += TimeSpan.FromMilliseconds(20);
            return transferred() == Bytes;
        });
        Assert.True(elapsed.TotalSeconds > 0.9 * (Bytes - 41_397) / Rate.BytesPerSecond);
    }
}
