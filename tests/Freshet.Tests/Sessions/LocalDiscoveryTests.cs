using System.Net;

namespace Freshet.Tests.Sessions;

/// <summary>Sessions that find each other only through local discovery.</summary>
public sealed class LocalDiscoveryTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<Session> _sessions = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (Session session in _sessions)
            await session.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_torrent_is_downloaded_from_a_neighbour()
    {
        SampleData sample = SampleData.Make(16384, null, 100_000);
        sample.WriteTo(_folder["seed"]);
        Session seed = await StartAsync("seed", "127.0.0.41");
        await (await seed.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token)).Completion.Bounded();
        Session leech = await StartAsync("leech", "127.0.0.42");
        Torrent torrent = await leech.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
        await torrent.Completion.Bounded();
        sample.AssertIn(_folder["leech"]);
        Assert.True(seed.Status.Local!.PeersFound + leech.Status.Local!.PeersFound > 0);

        // A neighbour that connected says nothing about the internet.
        Assert.Null(seed.Status.Reachability.IsReachable);
        Assert.Null(leech.Status.Reachability.LastIncoming);
    }

    [Fact]
    public async Task A_torrent_is_announced_while_it_runs_and_a_private_one_never()
    {
        Session session = await StartAsync("one", "127.0.0.43");
        Torrent open = await session.AddAsync(TorrentSource.Bytes(SampleData.Make(16384, null, 100_000).Torrent), cancellationToken: Token);
        await Patience.Until(() => session.Status.Local!.Torrents == 1);
        await session.AddAsync(TorrentSource.Bytes(PrivateTorrent()), cancellationToken: Token);
        await Patience.Until(() => session.Torrents[1].Status.State != Core.Torrents.TorrentState.Checking);
        Assert.Equal(1, session.Status.Local!.Torrents);
        await open.StopAsync(Token);
        await Patience.Until(() => session.Status.Local!.Torrents == 0);
    }

    [Fact]
    public async Task Nothing_is_announced_unless_the_option_is_on()
    {
        Session session = await StartAsync("one", "127.0.0.44", isOn: false);
        await session.AddAsync(TorrentSource.Bytes(SampleData.Make(16384, null, 100_000).Torrent), cancellationToken: Token);
        Assert.Null(session.Status.Local);
    }

    private static byte[] PrivateTorrent() => TestTorrents.WithoutData("private", builder => builder with { IsPrivate = true });

    private async Task<Session> StartAsync(string folder, string address, bool isOn = true)
    {
        Session session = await Session.StartAsync(
            new SessionOptions
            {
                DownloadFolder = _folder[folder],
                StateFolder = null,
                ListenPort = 0,
                BindAddress = IPAddress.Parse(address),
                LocalDiscovery = isOn,
            },
            Token);
        _sessions.Add(session);
        return session;
    }
}
