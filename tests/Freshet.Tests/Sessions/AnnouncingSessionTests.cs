using System.Net;
using Freshet.Core.Metainfo;
using Freshet.Tests.Discovery;
using Freshet.Tracker;

namespace Freshet.Tests.Sessions;

/// <summary>A session that listens on both families announces itself to a tracker of one family there, and only there.</summary>
public sealed class AnnouncingSessionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("::1", false)]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    public async Task A_tracker_of_one_family_hears_from_us_once_and_not_again_when_we_leave(string address, bool isUdp)
    {
        Requires.IPv6Loopback();
        IPEndPoint endPoint = new(IPAddress.Parse(address), 0);
        await using TrackerServer tracker = await TrackerServer.StartAsync(
            new TrackerOptions { HttpEndPoints = isUdp ? [] : [endPoint], UdpEndPoints = isUdp ? [endPoint] : [] },
            cancellationToken: Token);
        SampleData sample = SampleData.Make(16 * 1024, tracker.AnnounceUrl.ToString(), 100_000);
        SessionOptions options = new() { DownloadFolder = _folder["data"], StateFolder = null, ListenPort = 0 };
        await using Session session = await Session.StartAsync(options, Token);
        Assert.Equal(2, session.ListenEndPoints.Count);
        IAsyncEnumerable<SessionEvent> events = session.ReadEventsAsync(Token);
        Torrent torrent = await session.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
        await Patience.Until(() => tracker.Statistics.Peers == 1);
        await torrent.StopAsync(Token);
        await Patience.Until(() => tracker.Statistics.Peers == 0);
        Assert.Equal(2, tracker.Statistics.Announces);
        await session.DisposeAsync();
        await foreach (SessionEvent happened in events)
            Assert.IsNotType<SessionEvent.AnnounceFailed>(happened);
    }

    [Fact]
    public async Task A_torrent_with_changed_trackers_leaves_the_old_one_and_keeps_the_new_one_over_a_restart()
    {
        TrackerOptions anywhere = new() { HttpEndPoints = [new IPEndPoint(IPAddress.Loopback, 0)] };
        await using TrackerServer first = await TrackerServer.StartAsync(anywhere, cancellationToken: Token);
        await using TrackerServer second = await TrackerServer.StartAsync(anywhere, cancellationToken: Token);
        SampleData sample = SampleData.Make(16 * 1024, first.AnnounceUrl.ToString(), 100_000);
        SessionOptions options = new()
        {
            DownloadFolder = _folder["data"],
            StateFolder = _folder["state"],
            ListenPort = 0,
            BindAddress = IPAddress.Loopback,
        };
        await using (Session session = await Session.StartAsync(options, Token))
        {
            Torrent torrent = await session.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
            await Patience.Until(() => first.Statistics.Peers == 1);
            await torrent.ApplyAsync(torrent.Options with { Trackers = [[second.AnnounceUrl.ToString()]] }, Token);
            await Patience.Until(() => first.Statistics.Peers == 0 && second.Statistics.Peers == 1);
            Assert.Equal([second.AnnounceUrl.ToString()], torrent.Trackers.Select(tracker => tracker.Url));
            Assert.True(MetainfoReader.TryRead(await torrent.ExportAsync(Token), out TorrentMetainfo? exported, out _));
            Assert.Equal([second.AnnounceUrl.ToString()], Assert.Single(exported.Trackers));
        }

        await Patience.Until(() => second.Statistics.Peers == 0);
        await using Session restored = await Session.StartAsync(options, Token);
        Torrent again = Assert.Single(restored.Torrents);
        await Patience.Until(() => second.Statistics.Peers == 1);
        Assert.Equal(0, first.Statistics.Peers);
        await again.ApplyAsync(again.Options with { UseTrackers = false }, Token);
        await Patience.Until(() => second.Statistics.Peers == 0);
        Assert.Empty(again.Trackers);
        await again.ApplyAsync(again.Options with { Trackers = null, UseTrackers = true }, Token);
        await Patience.Until(() => first.Statistics.Peers == 1);
        Assert.Equal(0, second.Statistics.Peers);
    }

    [Theory]
    [InlineData("wss://tracker.example", "wss trackers are not supported")]
    [InlineData("nonsense", "not a URL")]
    public void Trackers_that_cannot_be_announced_to_are_refused(string url, string why)
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() => new TorrentOptions { Trackers = [[url]] }.Validate());
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tracker_that_does_not_answer_when_we_leave_is_not_waited_for()
    {
        TaskCompletionSource given = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bool hasHeard = false;
        await using ScriptedServer tracker = new(async (head, stream, cancellation) =>
        {
            if (!head.Contains("event=stopped", StringComparison.Ordinal))
            {
                await stream.WriteAsync("HTTP/1.0 200 OK\r\n\r\nd8:intervali1800e5:peers0:e"u8.ToArray(), cancellation);
                return;
            }

            Volatile.Write(ref hasHeard, true);
            try
            {
                Assert.Equal(0, await stream.ReadAsync(new byte[1], cancellation));
            }
            finally
            {
                given.SetResult();
            }
        });
        SampleData sample = SampleData.Make(16 * 1024, tracker.AnnounceUrl, 100_000);
        SessionOptions options = new()
        {
            DownloadFolder = _folder["data"],
            StateFolder = null,
            ListenPort = 0,
            BindAddress = IPAddress.Loopback,
        };
        await using Session session = await Session.StartAsync(options, Token);
        Torrent torrent = await session.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
        await Patience.Until(() => torrent.Trackers is [{ LastAnnounce: not null }]);
        Task stop = torrent.StopAsync(Token);
        Assert.Same(stop, await Task.WhenAny(stop, given.Task).Bounded());
        Assert.True(Volatile.Read(ref hasHeard));
    }
}
