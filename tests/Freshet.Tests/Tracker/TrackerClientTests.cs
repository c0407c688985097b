using System.Net;
using Freshet.Core.Metainfo;
using Freshet.Core.Trackers;
using Freshet.Core.Wire;
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
        Assert.Equal([new TrackerPeer(IPEndPoint.Parse("127.0.0.2:1000"), null)], result.Peers);
        Assert.Equal((1, 1, 0), (result.Seeders, result.Leechers, result.SkippedPeers));
        Assert.Equal((TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(1)), (result.Interval, result.MinInterval));
        Assert.Equal([IPAddress.Parse("127.0.0.3")], result.ExternalAddresses);

        Assert.True((await seed.AnnounceAsync(To(server, 1000) with { Event = AnnounceEvent.Stopped, Left = 0 }, Cancellation)).Succeeded);
        Assert.Empty((await leech.AnnounceAsync(To(server, 2000), Cancellation)).Peers);
    }

    [Fact]
    public async Task A_scrape_is_answered_with_the_numbers_of_known_swarms()
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
    public async Task Errors_are_in_the_result_in_words()
    {
        await using ScriptedServer refusing = ScriptedServer.Http("200 OK", "d14:failure reason7:not youe");
        using TrackerClient client = new();
        Assert.Equal("not you", (await client.AnnounceAsync(To(refusing.AnnounceUrl), Cancellation)).Error);
        Assert.Equal("not you", (await client.ScrapeAsync(refusing.AnnounceUrl, [Swarm], Cancellation)).Error);
        TrackerScrapeResult scrape = await client.ScrapeAsync(UrlOf(refusing, "/"), [Swarm], Cancellation);
        Assert.Equal("the tracker has no scrape address", scrape.Error);
        Assert.Equal("wss trackers are not supported", (await client.AnnounceAsync(To("wss://t.example:1"), Cancellation)).Error);
    }

    [Fact]
    public async Task Values_that_the_tracker_wants_repeated_are_repeated()
    {
        await using ScriptedServer server = ScriptedServer.Http("200 OK", "d8:intervali60e5:peers0:10:tracker id3:xyze");
        using TrackerClient client = new();
        await client.AnnounceAsync(To(server.AnnounceUrl), Cancellation);
        await client.AnnounceAsync(To(server.AnnounceUrl), Cancellation);
        Assert.Equal([false, true], server.Heads.Select(head => head.Contains("&trackerid=xyz", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_peek_shows_the_peers_with_their_ids_and_leaves_the_swarm()
    {
        await using ScriptedServer server = ScriptedServer.Http(
            "200 OK", "d8:intervali60e5:peersld2:ip9:127.0.0.97:peer id20:-AA0001-aaaaaaaaaaaa4:porti5eee10:tracker id3:xyze");
        using TrackerClient client = new();
        TrackerAnnounceResult result = await client.PeekAsync(To(server.AnnounceUrl), Cancellation);
        Assert.Equal([new TrackerPeer(IPEndPoint.Parse("127.0.0.9:5"), new PeerId("-AA0001-aaaaaaaaaaaa"u8))], result.Peers);
        Assert.Equal(["started", "stopped"], server.Heads.Select(EventOf));
        Assert.Equal([false, true], server.Heads.Select(head => head.Contains("&trackerid=xyz", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_client_does_not_leave_a_tracker_that_refused_it()
    {
        await using ScriptedServer server = ScriptedServer.Http("200 OK", "d14:failure reason7:not youe");
        using TrackerClient client = new();
        Assert.Equal("not you", (await client.PeekAsync(To(server.AnnounceUrl), Cancellation)).Error);
        Assert.Equal(["started"], server.Heads.Select(EventOf));
    }

    [Fact]
    public async Task A_tracker_that_hangs_at_the_farewell_does_not_hold_back_the_answer()
    {
        await using ScriptedServer server = new(async (head, stream, cancellation) =>
        {
            if (EventOf(head) == "stopped")
                await Task.Delay(Timeout.Infinite, cancellation);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 25\r\n\r\nd8:intervali60e5:peers0:e"u8.ToArray(), cancellation);
        });
        using TrackerClient client = new();
        using CancellationTokenSource leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task<TrackerAnnounceResult> peek = client.PeekAsync(To(server.AnnounceUrl), leaving.Token);
        await Patience.Until(() => server.Heads.Any(head => EventOf(head) == "stopped"));
        await leaving.CancelAsync();
        Assert.Equal(TimeSpan.FromMinutes(1), (await peek.Bounded()).Interval);
    }

    /// <summary>A torrent from a stranger may name only URLs that look like trackers; the user knows what they name.</summary>
    [Theory]
    [InlineData("/tracker")]
    [InlineData("/my/own/announce?key=1")]
    public async Task A_local_tracker_at_another_path_is_asked_only_if_the_user_named_it(string path)
    {
        await using ScriptedServer server = ScriptedServer.Http("200 OK", "d8:intervali60e5:peers0:e");
        using TrackerClient strangers = new();
        TrackerAnnounceResult refused = await strangers.PeekAsync(To(UrlOf(server, path)), Cancellation);
        Assert.Contains("only at a path like /announce", refused.Error, StringComparison.Ordinal);
        Assert.Empty(server.Clients);

        using TrackerClient ours = new(source: TrackerSource.User);
        Assert.Null((await ours.AnnounceAsync(To(UrlOf(server, path)), Cancellation)).Error);
        Assert.StartsWith($"GET {path}", Assert.Single(server.Heads), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_local_tracker_at_another_path_is_scraped_only_if_the_user_named_it()
    {
        await using ScriptedServer server = ScriptedServer.Http("200 OK", "d5:filesdee");
        string url = UrlOf(server, "/my/own/announce");
        using TrackerClient strangers = new();
        TrackerScrapeResult refused = await strangers.ScrapeAsync(url, [Swarm], Cancellation);
        Assert.Contains("only at a path like /announce", refused.Error, StringComparison.Ordinal);
        Assert.Empty(server.Clients);

        using TrackerClient ours = new(source: TrackerSource.User);
        Assert.Null((await ours.ScrapeAsync(url, [Swarm], Cancellation)).Error);
        Assert.StartsWith("GET /my/own/scrape?", Assert.Single(server.Heads), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tracker_that_the_user_named_does_not_redirect_to_another_port_of_this_machine()
    {
        await using ScriptedServer victim = ScriptedServer.Http("200 OK", "d8:intervali60e5:peers0:e");
        await using ScriptedServer server = ScriptedServer.Http("302 Found", "", $"Location: {victim.AnnounceUrl}");
        using TrackerClient ours = new(source: TrackerSource.User);
        Assert.NotNull((await ours.AnnounceAsync(To(UrlOf(server, "/tracker")), Cancellation)).Error);
        Assert.Empty(victim.Clients);
    }

    [Fact]
    public async Task Numbers_out_of_range_are_refused()
    {
        using TrackerClient client = new();
        TrackerAnnounce announce = To("http://t.example/announce");
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => client.AnnounceAsync(announce with { Port = 65_536 }, Cancellation));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => client.AnnounceAsync(announce with { NumWant = -1 }, Cancellation));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => client.PeekAsync(announce with { Port = -1 }, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => client.ScrapeAsync(announce.Tracker, [], Cancellation));
        IEnumerable<InfoHash> tooMany = Enumerable.Range(0, TrackerClient.MaxScrapedSwarms + 1).Select(Unknown);
        await Assert.ThrowsAsync<ArgumentException>(() => client.ScrapeAsync(announce.Tracker, tooMany, Cancellation));
    }

    private static string UrlOf(ScriptedServer server, string path) => $"http://{server.EndPoint}{path}";

    private static string EventOf(string head) => head.Split("&event=")[1].Split('&')[0];

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
