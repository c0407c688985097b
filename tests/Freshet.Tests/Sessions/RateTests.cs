using System.Diagnostics;
using System.Net;
using Freshet.Core.Peers;
using Freshet.Core.Rates;

namespace Freshet.Tests.Sessions;

/// <summary>
/// Limits of sessions over real sockets, over TCP and over uTP. With the low limit, the data would take longer than a test waits.
/// </summary>
public sealed class RateTests : IDisposable
{
    private static readonly DataRate Low = new(4096);
    private readonly TemporaryFolder _folder = new();
    private readonly SampleData _sample = SampleData.Make(16 * 1024, null, 1_000_000);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(PeerTransport.Tcp, true)]
    [InlineData(PeerTransport.Tcp, false)]
    [InlineData(PeerTransport.Utp, true)]
    [InlineData(PeerTransport.Utp, false)]
    public async Task Peers_on_the_local_network_can_be_exempt_from_the_limits(PeerTransport transport, bool fromTheStart)
    {
        await using Session seed = await StartSeedAsync(Over(transport));
        SessionOptions limited = Over(transport) with
        {
            MaxDownloadRate = Low,
            LocalNetwork = fromTheStart ? new LocalNetworkOptions() : null,
        };
        await using Session leech = await StartAsync("leech", limited);
        Torrent torrent = await LeechAsync(leech, seed, new TorrentOptions { MaxDownloadRate = Low });
        if (!fromTheStart)
        {
            await Patience.Until(() => torrent.Status.Downloaded.Bytes > 0);
            Assert.Equal(transport, Assert.Single(torrent.Peers).Transport);
            await leech.ApplyAsync(leech.Options with { LocalNetwork = new LocalNetworkOptions() });
        }

        await torrent.Completion.Bounded();
        _sample.AssertIn(_folder["leech"]);
    }

    [Theory]
    [InlineData(PeerTransport.Tcp, true)]
    [InlineData(PeerTransport.Tcp, false)]
    [InlineData(PeerTransport.Utp, true)]
    [InlineData(PeerTransport.Utp, false)]
    public async Task Each_peer_keeps_the_peer_limit_until_it_is_lifted(PeerTransport transport, bool ofTheSeed)
    {
        TorrentOptions limited = ofTheSeed ? new() { MaxPeerUploadRate = Low } : new() { MaxPeerDownloadRate = Low };
        await using Session seed = await StartSeedAsync(Over(transport), ofTheSeed ? limited : new TorrentOptions());
        await using Session leech = await StartAsync("leech", Over(transport));
        Torrent torrent = await LeechAsync(leech, seed, ofTheSeed ? new TorrentOptions() : limited);
        Torrent held = ofTheSeed ? seed.Torrents[0] : torrent;
        await Patience.Until(() => torrent.Status.Downloaded.Bytes > 0);
        Assert.True(torrent.Status.Downloaded.Bytes < 500_000);
        Assert.Equal(transport, Assert.Single(torrent.Peers).Transport);
        await held.ApplyAsync(held.Options with { MaxPeerUploadRate = null, MaxPeerDownloadRate = null }, Token);
        await torrent.Completion.Bounded();
    }

    [Theory]
    [InlineData(PeerTransport.Tcp, true)]
    [InlineData(PeerTransport.Tcp, false)]
    [InlineData(PeerTransport.Utp, true)]
    [InlineData(PeerTransport.Utp, false)]
    public async Task A_low_limit_of_a_session_is_kept(PeerTransport transport, bool ofTheSeed)
    {
        DataRate limit = new(200_000);
        SessionOptions free = Over(transport);
        await using Session seed = await StartSeedAsync(ofTheSeed ? free with { MaxUploadRate = limit } : free);
        await using Session leech = await StartAsync("leech", ofTheSeed ? free : free with { MaxDownloadRate = limit });
        long began = Stopwatch.GetTimestamp();
        Torrent torrent = await LeechAsync(leech, seed, new TorrentOptions());
        await Patience.Until(() => torrent.Status.Downloaded.Bytes > 0);
        Assert.Equal(transport, Assert.Single(torrent.Peers).Transport);
        await torrent.Completion.Bounded();
        Assert.True(Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(4.5), "It was faster than it may.");
    }

    /// <summary>
    /// Over wall time, on the wire. A machine that is busy with other things stops everybody for moments, after which what was held up
    /// goes at once. So how near to the limit a transfer comes is held on a clock of its own (<c>SteadyRateTests</c>,
    /// <c>RateLimitTests</c>) and measured in <c>bench</c>; here, the limits only have to be those of the wire.
    /// </summary>
    [Theory]
    [InlineData(50_000, true)]
    [InlineData(5_000_000, true)]
    [InlineData(5_000_000, false)]
    public async Task Five_seconds_on_the_wire_keep_to_the_limit(int rate, bool isUpload)
    {
        SampleData sample = SampleData.Make(64 * 1024, null, 10 * rate);
        SessionOptions limited = isUpload ? new() { MaxUploadRate = new DataRate(rate) } : new() { MaxDownloadRate = new DataRate(rate) };
        await using Session seed = await StartSeedAsync(isUpload ? limited : new SessionOptions(), sample: sample);
        await using CountingProxy wire = new(seed.ListenEndPoints[0]);
        await using Session leech = await StartAsync("leech", isUpload ? new SessionOptions() : limited);
        Torrent torrent = await leech.AddAsync(TorrentSource.Bytes(sample.Torrent), new TorrentOptions { Peers = [wire.EndPoint] }, Token);
        await torrent.Completion.Bounded();

        // What is saved up goes at once, and the buffers of the system fill.
        List<double> rates = wire.RatesOver(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(2));
        rates.Sort();
        Assert.InRange(rates[rates.Count / 2] / rate, 0.5, 1.1);
        Assert.InRange(rates[^1] / rate, 0.5, 1.5);
    }

    private static SessionOptions Over(PeerTransport transport) =>
        new() { Utp = transport == PeerTransport.Utp ? UtpMode.Only : UtpMode.Off };

    private async Task<Session> StartSeedAsync(
        SessionOptions options, TorrentOptions? torrentOptions = null, SampleData? sample = null)
    {
        sample ??= _sample;
        sample.WriteTo(_folder["seed"]);
        Session session = await StartAsync("seed", options);
        Torrent torrent = await session.AddAsync(TorrentSource.Bytes(sample.Torrent), torrentOptions, Token);
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
