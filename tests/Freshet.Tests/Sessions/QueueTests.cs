using System.Net;
using Freshet.Core.Metainfo;
using Freshet.Core.Sessions;
using Freshet.Core.Torrents;

namespace Freshet.Tests.Sessions;

public sealed class QueueTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_download_waits_for_the_one_before_it_and_continues_when_that_is_complete()
    {
        SampleData[] samples = [Sample(200_000), Sample(300_000)];
        await using Session seed = await StartAsync("seed", new QueueOptions());
        foreach (SampleData sample in samples)
        {
            sample.WriteTo(_folder["seed/" + sample.Metainfo.SwarmHash]);
            Torrent seeded = await AddAsync(seed, sample);
            await seeded.Completion.WaitAsync(Patience.Bound, Token);
        }

        await using Session leech = await StartAsync("leech", new QueueOptions { MaxActiveDownloads = 1 });
        Torrent first = await AddAsync(leech, samples[0]);
        Torrent second = await AddAsync(leech, samples[1], new TorrentOptions { Peers = [.. seed.ListenEndPoints] });
        await Patience.Until(() => first.Status.State == TorrentState.Downloading && second.Status.QueuedBehind == 0);
        Assert.Equal(TorrentState.Queued, second.Status.State);
        Assert.Equal(WhyCode.Queued, second.Status.WhyCode);
        Assert.Equal(1, leech.Status.Queued);
        TimeSpan active = second.Totals.ActiveTime;
        await Patience.Until(() => first.Totals.ActiveTime > active + TimeSpan.FromMilliseconds(50));
        Assert.Equal(active, second.Totals.ActiveTime);
        Assert.Equal(0, second.Status.Downloaded.Bytes);

        await first.AddPeersAsync(seed.ListenEndPoints, Token);
        await first.Completion.WaitAsync(Patience.Bound, Token);
        await second.Completion.WaitAsync(Patience.Bound, Token);
        samples[1].AssertIn(_folder["leech/" + samples[1].Metainfo.SwarmHash]);
    }

    [Fact]
    public async Task A_seed_that_waits_for_its_turn_is_complete()
    {
        SampleData sample = Sample(200_000);
        sample.WriteTo(_folder["seed/" + sample.Metainfo.SwarmHash]);
        await using Session session = await StartAsync("seed", new QueueOptions { MaxActiveSeeds = 0 });
        Torrent torrent = await AddAsync(session, sample);
        await torrent.Completion.WaitAsync(Patience.Bound, Token);
        await Patience.Until(() => torrent.Status.State == TorrentState.Queued);
        Assert.NotNull(torrent.CompletedAt);
        await session.ApplyAsync(session.Options with { Queue = new QueueOptions() });
        await Patience.Until(() => torrent.Status.State == TorrentState.Seeding);
    }

    [Fact]
    public async Task Positions_are_kept_over_restarts_and_decide_whose_turn_it_is()
    {
        SampleData[] samples = [Sample(100_000), Sample(200_000), Sample(300_000)];
        QueueOptions one = new() { MaxActiveDownloads = 1 };
        await using (Session session = await StartAsync("data", one))
        {
            foreach (SampleData sample in samples)
                await AddAsync(session, sample);
            await Patience.Until(() => ActiveIn(session) is [{ } active] && active == samples[0].Metainfo.SwarmHash);
            await session.MoveAsync(session.Torrents[2], QueueMove.Top, Token);
            Assert.Equal(InOrder(2, 0, 1), session.Torrents.Select(torrent => torrent.InfoHash));
            await Patience.Until(() => ActiveIn(session) is [{ } active] && active == samples[2].Metainfo.SwarmHash);
            await session.MoveAsync(session.Torrents[1], QueueMove.Bottom, Token);
            await session.MoveAsync(session.Torrents[1], QueueMove.Up, Token);
            Assert.Equal(InOrder(1, 2, 0), session.Torrents.Select(torrent => torrent.InfoHash));
        }

        await using Session restored = await StartAsync("data", one);
        Assert.Equal(InOrder(1, 2, 0), restored.Torrents.Select(torrent => torrent.InfoHash));
        await Patience.Until(() => ActiveIn(restored) is [{ } active] && active == samples[1].Metainfo.SwarmHash
            && restored.Torrents[2].Status.QueuedBehind == 1);

        IEnumerable<InfoHash> InOrder(params int[] indices) => indices.Select(index => samples[index].Metainfo.SwarmHash);
    }

    [Fact]
    public async Task A_forced_torrent_does_not_wait()
    {
        await using Session session = await StartAsync("data", new QueueOptions { MaxActive = 0 });
        Torrent torrent = await AddAsync(session, Sample(100_000));
        await Patience.Until(() => torrent.Status.QueuedBehind == 0);
        await torrent.ApplyAsync(torrent.Options with { ForceStart = true }, Token);
        await Patience.Until(() => torrent.Status.State == TorrentState.Downloading);
        await torrent.StopAsync(Token);
        Assert.Equal(TorrentState.Stopped, torrent.Status.State);
    }

    [Fact]
    public void Invalid_limits_are_refused_by_name()
    {
        QueueOptions queue = new() { MaxActive = -1, MaxChecks = 0, IgnoreSlow = new SlowTorrents { For = default } };
        SessionOptions options = new() { Queue = queue };
        string message = Assert.Throws<ArgumentException>(options.Validate).Message;
        Assert.All(new[] { "Queue.MaxActive", "Queue.MaxChecks", "SlowTorrents.For" }, name => Assert.Contains(name, message));
    }

    private static SampleData Sample(int length) => SampleData.Make(16 * 1024, null, length);

    private static InfoHash[] ActiveIn(Session session) =>
        [.. session.Torrents.Where(torrent => torrent.Status.State == TorrentState.Downloading).Select(torrent => torrent.InfoHash)];

    // Each in a folder of its own: the samples have the same names.
    private static Task<Torrent> AddAsync(Session session, SampleData sample, TorrentOptions? options = null) => session.AddAsync(
        TorrentSource.Bytes(sample.Torrent),
        (options ?? new TorrentOptions()) with
        {
            DownloadFolder = Path.Combine(session.Options.DownloadFolder, sample.Metainfo.SwarmHash.ToString()),
        },
        Token);

    private Task<Session> StartAsync(string name, QueueOptions queue) => Session.StartAsync(
        new SessionOptions
        {
            DownloadFolder = _folder[name],
            StateFolder = _folder[name + " state"],
            BindAddress = IPAddress.Loopback,
            ListenPort = 0,
            Queue = queue,
        },
        Token);
}
