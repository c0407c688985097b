using System.Net;
using Freshet.Core.Wire;

namespace Freshet.Tests.Sessions;

/// <summary>One address with many idle connections, against the real engine.</summary>
public sealed class CrowdTests : IDisposable
{
    private const int MaxPeers = 50;
    private const int Many = 80;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, "127.0.0.1")]
    [InlineData(true, "127.0.0.1")]
    [InlineData(true, "127.0.0.2")]
    public async Task A_crowd_does_not_keep_an_honest_peer_from_a_seed(bool isInterested, string honest)
    {
        SampleData sample = SampleData.Make(64 * 1024, null, 8_000_000);
        sample.WriteTo(_folder["seed"]);
        await using Session seed = await StartAsync("seed", "127.0.0.1");
        await (await AddAsync(seed, sample)).Completion.Bounded();
        await using Crowd crowd = new(Many, seed.ListenEndPoints[0], sample.Metainfo.SwarmHash, Says(isInterested));
        await Patience.Until(() => crowd.In >= MaxPeers);

        await using Session leech = await StartAsync("leech", honest);
        Torrent torrent = await AddAsync(leech, sample, seed.ListenEndPoints[0]);
        await torrent.Completion.Bounded();
        sample.AssertIn(_folder["leech"]);
    }

    [Fact]
    public async Task A_crowd_does_not_starve_a_leecher()
    {
        SampleData sample = SampleData.Make(64 * 1024, null, 8_000_000);
        sample.WriteTo(_folder["seed"]);
        await using Session seed = await StartAsync("seed", "127.0.0.1");
        await (await AddAsync(seed, sample)).Completion.Bounded();
        await using Session leech = await StartAsync("leech", "127.0.0.1");
        Torrent torrent = await AddAsync(leech, sample);
        await using Crowd crowd = new(Many, leech.ListenEndPoints[0], sample.Metainfo.SwarmHash, Says(isInterested: true));
        await Patience.Until(() => crowd.In >= MaxPeers);
        await torrent.AddPeersAsync([seed.ListenEndPoints[0]], Token);
        await torrent.Completion.Bounded();
        sample.AssertIn(_folder["leech"]);
    }

    private static PeerMessage[] Says(bool isInterested) =>
        isInterested ? [PeerMessage.HaveNone, PeerMessage.Interested] : [PeerMessage.HaveNone];

    private static Task<Torrent> AddAsync(Session session, SampleData sample, params IPEndPoint[] peers) =>
        session.AddAsync(TorrentSource.Bytes(sample.Torrent), new TorrentOptions { MaxPeers = MaxPeers, Peers = [.. peers] }, Token);

    private Task<Session> StartAsync(string folder, string address) => Session.StartAsync(
        new SessionOptions
        {
            DownloadFolder = _folder[folder],
            StateFolder = null,
            ListenPort = 0,
            BindAddress = IPAddress.Parse(address),
            MaxConnections = 2 * MaxPeers,
        },
        Token);
}
