using System.Net;
using Freshet.Interop.Running;

namespace Freshet.Interop.Tests;

/// <summary>Magnet links: Freshet gets the metadata from other clients, and they get it from Freshet.</summary>
public class MagnetTests : InteropTest
{
    public static TheoryData<ClientKind> Clients => [ClientKind.Libtorrent, ClientKind.Transmission, ClientKind.Aria2];

    [Theory]
    [MemberData(nameof(Clients))]
    public Task From_a_seed_that_only_a_tracker_knows(ClientKind kind) => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet, ClientKind.Opentracker, kind);
        SampleTorrent torrent = Sample(SampleKind.ManyFiles);
        Tracker tracker = await StartTrackerAsync(ClientKind.Opentracker, torrent);
        torrent = torrent.WithTracker(tracker.AnnounceUrl);
        PeerClient seed = New(kind);
        await seed.SeedAsync(torrent, torrent.DataFolder);
        await TrackerScout.UntilPeersAsync(tracker, torrent, 1, Patience);
        await DownloadAsync(torrent, LinkOf(torrent) + TrackerOf(tracker));
    });

    [Theory]
    [MemberData(nameof(Clients))]
    public Task From_a_seed_that_the_link_names(ClientKind kind) => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet, kind);
        SampleTorrent torrent = Sample(SampleKind.SingleFile);
        PeerClient seed = New(kind);
        await seed.SeedAsync(torrent, torrent.DataFolder);
        await DownloadAsync(torrent, LinkOf(torrent) + $"&x.pe={seed.EndPoint}");
    });

    [Theory]
    [MemberData(nameof(Clients))]
    public Task To_a_leecher_that_has_only_a_link(ClientKind kind) => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet, ClientKind.Opentracker, kind);
        SampleTorrent torrent = Sample(SampleKind.ManyFiles);
        Tracker tracker = await StartTrackerAsync(ClientKind.Opentracker, torrent);
        torrent = torrent.WithTracker(tracker.AnnounceUrl);
        PeerClient leecher = New(kind, new ClientOptions { Magnet = LinkOf(torrent) + TrackerOf(tracker) });
        await leecher.LeechAsync(torrent, NewFolder("leecher"));
        await TrackerScout.UntilPeersAsync(tracker, torrent, 1, Patience);
        await NewFreshet().SeedAsync(torrent, torrent.DataFolder);
        await leecher.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(NewFolder("leecher"), leecher.WritesEmptyFiles));
    });

    [Fact]
    public Task A_kill_right_after_the_metadata_came_does_not_cause_a_second_fetch() => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet, ClientKind.Libtorrent);
        SampleTorrent torrent = Sample(SampleKind.SingleFile);
        IPAddress address = Loopback.NextAddress();
        ClientOptions options = new() { Magnet = LinkOf(torrent), Address = address };
        string state = Path.Combine(Work, "state");
        PeerClient seed = New(ClientKind.Libtorrent, new ClientOptions { UploadLimit = 100_000 });
        await seed.SeedAsync(torrent, torrent.DataFolder);
        FreshetClient first = Own(new FreshetClient(Work, options) { Peers = [seed.EndPoint], StateFolder = state });
        await first.LeechAsync(torrent, NewFolder("freshet"));
        await first.UntilAsync(() => Task.FromResult(first.Last("metadata") is not null), Patience, "has the metadata");
        await first.KillAsync();

        // Nobody is there, but it already knows what it has to download.
        await seed.DisposeAsync();
        FreshetClient second = Own(new FreshetClient(Work, options) { StateFolder = state });
        await second.LeechAsync(torrent, NewFolder("freshet"));
        await second.UntilAsync(() => Task.FromResult(second.Last("metadata") is not null), Patience, "has the metadata");
        Assert.Equal(torrent.InfoHash, (string?)second.Last("metadata")!["infoHash"]);
    });

    private static string LinkOf(SampleTorrent torrent) => "magnet:?xt=urn:btih:" + torrent.InfoHash;

    private static string TrackerOf(Tracker tracker) => "&tr=" + Uri.EscapeDataString(tracker.AnnounceUrl);

    private async Task DownloadAsync(SampleTorrent torrent, string link)
    {
        FreshetClient freshet = Own(new FreshetClient(Work, new ClientOptions { Magnet = link }));
        await freshet.LeechAsync(torrent, NewFolder("freshet"));
        await freshet.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(NewFolder("freshet")));
    }
}
