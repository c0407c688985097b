using System.Diagnostics;
using System.Net;
using Freshet.Core.Rates;

namespace Freshet.Tests.Sessions;

/// <summary>Limits of sessions over real sockets. With the low limit, the data would take longer than a test waits.</summary>
public sealed class RateTests : IDisposable
{
    private static readonly DataRate Low = new(4096);
    private readonly TemporaryFolder _folder = new();
    private readonly SampleData _sample = SampleData.Make(16 * 1024, null, 1_000_000);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Peers_on_the_local_network_can_be_exempt_from_the_limits(bool fromTheStart)
    {
        await using Session seed = await StartSeedAsync(new SessionOptions());
        SessionOptions limited = new() { MaxDownloadRate = Low, LocalNetwork = fromTheStart ? new LocalNetworkOptions() : null };
        await using Session leech = await StartAsync("leech", limited);
        Torrent torrent = await LeechAsync(leech, seed, new TorrentOptions { MaxDownloadRate = Low });
        if (!fromTheStart)
        {
            await Patience.Until(() => torrent.Status.Downloaded.Bytes > 0);
            await leech.ApplyAsync(leech.Options with { LocalNetwork = new LocalNetworkOptions() });
        }

        await torrent.Completion.Bounded();
        _sample.AssertIn(_folder["leech"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Each_peer_keeps_the_peer_limit_until_it_is_lifted(bool ofTheSeed)
    {
        TorrentOptions limited = ofTheSeed ? new() { MaxPeerUploadRate = Low } : new() { MaxPeerDownloadRate = Low };
        await using Session seed = await StartSeedAsync(new SessionOptions(), ofTheSeed ? limited : new TorrentOptions());
        await using Session leech = await StartAsync("leech", new SessionOptions());
        Torrent torrent = await LeechAsync(leech, seed, ofTheSeed ? new TorrentOptions() : limited);
        Torrent held = ofTheSeed ? seed.Torrents[0] : torrent;
        await Patience.Until(() => torrent.Status.Downloaded.Bytes > 0);
        Assert.True(torrent.Status.Downloaded.Bytes < 500_000);
        await held.ApplyAsync(held.Options with { MaxPeerUploadRate = null, MaxPeerDownloadRate = null }, Token);
        await torrent.Completion.Bounded();
    }

    [Fact]
    public async Task A_low_limit_of_a_seed_is_kept_and_leaves_few_upload_slots()
    {
        await using Session seed = await StartSeedAsync(new SessionOptions { MaxUploadRate = new DataRate(200_000) });
        await using Session leech = await StartAsync("leech", new SessionOptions());
        long began = Stopwatch.GetTimestamp();
        Torrent torrent = await LeechAsync(leech, seed, new TorrentOptions());
        await torrent.Completion.Bounded();
        Assert.True(Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(4.5), "It was faster than it may.");
    }

    private async Task<Session> StartSeedAsync(SessionOptions options, TorrentOptions? torrentOptions = null)
    {
        _sample.WriteTo(_folder["seed"]);
        Session session = await StartAsync("seed", options);
        Torrent torrent = await session.AddAsync(TorrentSource.Bytes(_sample.Torrent), torrentOptions, Token);
        await torrent.Completion.Bounded();
        return session;
    }

    private Task<Torrent> LeechAsync(Session leech, Session seed, TorrentOptions options) => leech.AddAsync(
        TorrentSource.Bytes(_sample.Torrent), options with { Peers = [.. seed.ListenEndPoints] }, Token);

    private Task<Session> StartAsync(string name, SessionOptions options) => Session.StartAsync(
        options with
        {
            DownloadFolder = _folder[name],
            StateFolder = _folder[name + " state"],
            BindAddress = IPAddress.Loopback,
            ListenPort = 0,
        },
        Token);
}
