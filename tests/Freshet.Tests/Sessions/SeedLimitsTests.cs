using System.Net;
using Freshet.Core.Torrents;

namespace Freshet.Tests.Sessions;

public sealed class SeedLimitsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SampleData _sample = SampleData.Make(16 * 1024, null, 400_000);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_seed_stops_when_it_has_reached_its_ratio_over_all_its_runs()
    {
        _sample.WriteTo(_folder["seed"]);
        SeedLimits limits = new() { Ratio = 2 };
        for (int run = 1; run <= 2; run++)
        {
            await using Session session = await StartAsync("seed", limits);
            IAsyncEnumerable<SessionEvent> events = session.ReadEventsAsync(Token);
            Torrent seed = session.Torrents.Count > 0
                ? session.Torrents[0]
                : await session.AddAsync(TorrentSource.Bytes(_sample.Torrent), cancellationToken: Token);
            await seed.Completion.Bounded();
            await FeedAsync(session, $"leech {run}");
            if (run == 1)
            {
                Assert.Equal(TorrentState.Seeding, seed.Status.State);
                continue;
            }

            SessionEvent.SeedLimitReached reached = await events.FirstAsync<SessionEvent.SeedLimitReached>();
            Assert.Equal((SeedLimit.Ratio, SeedEnd.Stop), (reached.Limit, reached.Then));
            await Patience.Until(() => seed.Status.State == TorrentState.Stopped);
            Assert.InRange(seed.Totals.Uploaded.Bytes, 800_000, 900_000);
        }

        // It was stopped when the session ended, and is not started again.
        await using Session third = await StartAsync("seed", limits);
        Assert.Equal(TorrentState.Stopped, third.Torrents[0].Status.State);
        _sample.AssertIn(_folder["seed"]);
    }

    [Theory]
    [InlineData(SeedEnd.Remove)]
    [InlineData(SeedEnd.RemoveWithFiles)]
    public async Task A_torrent_with_limits_of_its_own_is_removed_as_they_say(SeedEnd then)
    {
        _sample.WriteTo(_folder["seed"]);
        await using Session session = await StartAsync("seed", new SeedLimits { SeedTime = TimeSpan.FromDays(1) });
        IAsyncEnumerable<SessionEvent> events = session.ReadEventsAsync(Token);
        Torrent seed = await session.AddAsync(
            TorrentSource.Bytes(_sample.Torrent),
            new TorrentOptions { SeedLimits = new SeedLimits { SeedTime = TimeSpan.Zero, Then = then } },
            Token);
        await seed.Completion.Bounded();
        await events.FirstAsync<SessionEvent.TorrentRemoved>();
        Assert.Empty(session.Torrents);
        await Patience.Until(() => Directory.Exists(_folder["seed/sample"]) == (then == SeedEnd.Remove));
        if (then == SeedEnd.Remove)
            _sample.AssertIn(_folder["seed"]);
    }

    [Fact]
    public async Task Changed_limits_of_the_session_apply_to_torrents_that_already_seed()
    {
        _sample.WriteTo(_folder["seed"]);
        await using Session session = await StartAsync("seed", SeedLimits.None);
        Torrent seed = await session.AddAsync(TorrentSource.Bytes(_sample.Torrent), cancellationToken: Token);
        Torrent other = await session.AddAsync(
            TorrentSource.Bytes(SampleData.Make(16 * 1024, null, 0, 1).Torrent),
            new TorrentOptions { SeedLimits = SeedLimits.None, DownloadFolder = _folder["other"] },
            Token);
        await seed.Completion.Bounded();
        await session.ApplyAsync(session.Options with { SeedLimits = new SeedLimits { SeedTime = TimeSpan.Zero } });
        await Patience.Until(() => seed.Status.State == TorrentState.Stopped);
        Assert.NotEqual(TorrentState.Stopped, other.Status.State);
    }

    private async Task FeedAsync(Session seed, string name)
    {
        await using Session session = await StartAsync(name, SeedLimits.None);
        Torrent leech = await session.AddAsync(
            TorrentSource.Bytes(_sample.Torrent), new TorrentOptions { Peers = [.. seed.ListenEndPoints] }, Token);
        await leech.Completion.Bounded();
        await Patience.Until(() => seed.Torrents[0].Totals.Uploaded.Bytes % 400_000 == 0);
    }

    private Task<Session> StartAsync(string name, SeedLimits limits) => Session.StartAsync(
        new SessionOptions
        {
            DownloadFolder = _folder[name],
            StateFolder = _folder[name + " state"],
            BindAddress = IPAddress.Loopback,
            ListenPort = 0,
            SeedLimits = limits,
        },
        Token);
}
