using System.Net;
using Freshet.Core.Metainfo;
using Freshet.Core.Trackers;
using Freshet.Tests.Discovery;
using Freshet.Tracker;

namespace Freshet.Tests.Tracker;

public sealed class TrackerClientTests
{
    private static readonly InfoHash Swarm = new("aaaaaaaaaaaaaaaaaaaa"u8);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_announce_is_answered_with_peers_numbers_and_times()
    {
        await using TrackerServer server = await StartAsync();
        using TrackerClient seed = new(IPAddress.Parse("127.0.0.2"));
        using TrackerClient leech = new(IPAddress.Parse("127.0.0.3"));
        Assert.True((await seed.AnnounceAsync(To(server, 1000) with { Event = AnnounceEvent.Started, Left = 0 }, Cancellation)).Succeeded);
        TrackerAnnounceResult result = await leech.AnnounceAsync(To(server, 2000) with { Event = AnnounceEvent.Started }, Cancellation);
        Assert.Null(result.Error);
        Assert.Equal([IPEndPoint.Parse("127.0.0.2:1000")], result.Peers);
        Assert.Equal((1, 1, 0), (result.Seeders, result.Leechers, result.SkippedPeers));
        Assert.Equal((TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(1)), (result.Interval, result.MinInterval));
        Assert.Equal([IPAddress.Parse("127.0.0.3")], result.ExternalAddresses);

        Assert.True((await seed.AnnounceAsync(To(server, 1000) with { Event = AnnounceEvent.Stopped, Left = 0 }, Cancellation)).Succeeded);
        Assert.Empty((await leech.AnnounceAsync(To(server, 2000), Cancellation)).Peers);
    }

    [Fact]
    public async Task A_scrape_is_answered_with_the_numbers_of_the_swarms_that_are_known()
    {
        await using TrackerServer server = await StartAsync();
        using TrackerClient client = new();
        await client.AnnounceAsync(To(server, 1000) with { Event = AnnounceEvent.Started, Left = 0 }, Cancellation);

        // More than fit into one request.
        InfoHash[] asked = [.. Enumerable.Range(0, 120).Select(Unknown), Swarm];
        TrackerScrapeResult result = await client.ScrapeAsync(server.AnnounceUrl.ToString(), asked, Cancellation);
        Assert.Null(result.Error);
        Assert.Equal(new ScrapedSwarm(1, 0, 0, 0), Assert.Single(result.Swarms, swarm => swarm.Key == Swarm).Value);
        Assert.Single(result.Swarms);
    }

    [Fact]
    public async Task Trouble_is_in_the_result_in_words()
    {
        await using ScriptedServer refusing = ScriptedServer.Http("200 OK", "d14:failure reason7:not youe");
        using TrackerClient client = new();
        Assert.Equal("not you", (await client.AnnounceAsync(To(refusing.AnnounceUrl), Cancellation)).Error);
        Assert.Equal("not you", (await client.ScrapeAsync(refusing.AnnounceUrl, [Swarm], Cancellation)).Error);
        Assert.Equal("the tracker has no scrape address", (await client.ScrapeAsync($"http://{refusing.EndPoint}/", [Swarm], Cancellation)).Error);
        Assert.Equal("udp trackers are not supported", (await client.AnnounceAsync(To("udp://t.example:1"), Cancellation)).Error);
    }

    [Fact]
    public async Task What_the_tracker_wants_to_hear_again_is_said_again()
    {
        await using ScriptedServer server = ScriptedServer.Http("200 OK", "d8:intervali60e5:peers0:10:tracker id3:xyze");
        using TrackerClient client = new();
        await client.AnnounceAsync(To(server.AnnounceUrl), Cancellation);
        await client.AnnounceAsync(To(server.AnnounceUrl), Cancellation);
        Assert.Equal([false, true], server.Heads.Select(head => head.Contains("&trackerid=xyz", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Numbers_out_of_range_are_refused()
    {
        using TrackerClient client = new();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => client.AnnounceAsync(To("http://t.example/announce") with { Port = 65_536 }, Cancellation));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => client.AnnounceAsync(To("http://t.example/announce") with { NumWant = -1 }, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => client.ScrapeAsync("http://t.example/announce", [], Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(
            () => client.ScrapeAsync("http://t.example/announce", Enumerable.Range(0, TrackerClient.MaxScrapedSwarms + 1).Select(Unknown), Cancellation));
    }

    private static InfoHash Unknown(int number)
    {
        byte[] bytes = new byte[20];
        BitConverter.TryWriteBytes(bytes, number + 1);
        return new InfoHash(bytes);
    }

    private static TrackerAnnounce To(TrackerServer server, int port) => To(server.AnnounceUrl.ToString()) with { Port = port };

    private static TrackerAnnounce To(string tracker) => new() { Tracker = tracker, InfoHash = Swarm, Port = 1, Left = 1 };

    private static Task<TrackerServer> StartAsync() =>
        TrackerServer.StartAsync(new TrackerOptions { HttpEndPoints = [new IPEndPoint(IPAddress.Loopback, 0)] }, null, Cancellation);
}
