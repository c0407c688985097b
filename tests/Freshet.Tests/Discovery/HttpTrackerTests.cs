using System.IO.Compression;
using System.Net;
using System.Text;
using Freshet.Core.Metainfo;
using Freshet.Core.Trackers;
using Freshet.Discovery;
using Freshet.Network;
using Freshet.Tests.Connections;

namespace Freshet.Tests.Discovery;

public sealed class HttpTrackerTests : IDisposable
{
    private const string Good = "d8:intervali1800e5:peers6:\u0001\u0002\u0003\u0004\u001a\u00e1e";

    private const string NotHttp = "answered with something that is not HTTP; if it serves HTTPS, its URL begins with https://";

    private static readonly AnnounceRequest Request = SampleAnnounce.Request;

    private readonly TrackerService _tracker = new(new HttpRequesterOptions());

    public void Dispose() => _tracker.Dispose();

    [Fact]
    public async Task An_announce_is_answered_with_peers()
    {
        await using ScriptedServer server = ScriptedServer.Http("200 OK", Good);
        TrackerOutcome<AnnounceResponse> outcome = await AnnounceAsync(server.AnnounceUrl);
        Assert.Equal(IPEndPoint.Parse("1.2.3.4:6881"), Assert.Single(outcome.Answer!.Peers).EndPoint);

        string head = Assert.Single(server.Heads);
        Assert.StartsWith(
            "GET /announce?info_hash=%01%26%3D%25%2B%20.~aaaaaaaaaaaa&peer_id=-FR0100-abcdefghijkl&port=6881&", head,
            StringComparison.Ordinal);
        Assert.Contains("\r\nUser-Agent: Freshet/0.1.0\r\n", head, StringComparison.Ordinal);
        Assert.DoesNotContain("\r\nCookie", head, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_user_name_and_password_in_the_url_are_sent_as_credentials()
    {
        await using ScriptedServer server = ScriptedServer.Http("200 OK", Good);
        await AnnounceAsync($"http://me:s%40cret@{server.EndPoint}/announce");
        Assert.Contains(
            $"\r\nAuthorization: Basic {Convert.ToBase64String("me:s@cret"u8)}\r\n", Assert.Single(server.Heads), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("403 Forbidden", "d14:failure reason9:not knowne", "not known", null)]
    [InlineData("404 Not Found", "<html>gone</html>", "{host} answered HTTP 404 Not Found", null)]
    [InlineData("500 Oops", "", "{host} answered HTTP 500 Oops", null)]
    [InlineData("500 \u001b[31mOops\u009b", "", "{host} answered HTTP 500 \ufffd[31mOops\ufffd", null)]
    [InlineData("500 Oops", Good, "{host} answered HTTP 500 Oops", null)]
    [InlineData("503 Busy", "", "{host} answered HTTP 503 Busy", 120)]
    public async Task An_error_status_is_a_refusal_in_the_trackers_words_or_those_of_http(
        string status, string body, string words, int? retrySeconds)
    {
        await using ScriptedServer server = ScriptedServer.Http(
            status, body, retrySeconds is null ? "X-A: b" : $"Retry-After: {retrySeconds}");
        AnnounceResponse answer = (await AnnounceAsync(server.AnnounceUrl)).Answer!;
        Assert.Equal(words.Replace("{host}", server.EndPoint.ToString(), StringComparison.Ordinal), answer.FailureReason);
        Assert.Equal(retrySeconds, (int?)answer.RetryIn?.TotalSeconds);
    }

    [Fact]
    public async Task A_body_that_is_not_bencoded_is_a_failure()
    {
        await using ScriptedServer server = ScriptedServer.Http("200 OK", "<html>");
        Assert.StartsWith("the answer is a web page", (await AnnounceAsync(server.AnnounceUrl)).Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_without_a_listener_is_reported_as_refused()
    {
        string url;
        await using (ScriptedServer server = ScriptedServer.Raw())
            url = server.AnnounceUrl;
        Assert.Equal($"{new Uri(url).Authority} refused the connection", (await AnnounceAsync(url)).Failure);
    }

    [Fact]
    public async Task A_name_that_does_not_exist_is_reported_as_unknown() =>
        Assert.Contains("tracker.invalid", (await AnnounceAsync("http://tracker.invalid/announce")).Failure, StringComparison.Ordinal);

    [Fact]
    public async Task A_name_of_this_machine_is_found()
    {
        await using ScriptedServer server = ScriptedServer.Http("200 OK", Good);
        Assert.True((await AnnounceAsync($"http://localhost:{server.EndPoint.Port}/announce")).HasAnswer);
    }

    [Fact]
    public async Task A_name_is_looked_up_again_after_some_minutes_or_when_it_leads_nowhere()
    {
        VirtualTime time = new();
        int lookups = 0;
        NameResolver names = new(_ =>
        {
            Interlocked.Increment(ref lookups);
            return [IPAddress.Loopback];
        });
        using TrackerService tracker = new(new HttpRequesterOptions { Binding = new NetworkBinding { Names = names }, Time = time });
        string url;
        await using (ScriptedServer server = ScriptedServer.Http("200 OK", Good, "Connection: close"))
        {
            url = $"http://tracker.test:{server.EndPoint.Port}/announce";
            for (int i = 0; i < 3; i++)
                Assert.True((await AnnounceAsync(url, tracker)).HasAnswer);
            Assert.Equal((3, 1), (server.Clients.Count, lookups));
            time.Advance(TimeSpan.FromMinutes(6));
            Assert.True((await AnnounceAsync(url, tracker)).HasAnswer);
            Assert.Equal(2, lookups);
        }

        // Addresses that lead nowhere are not kept.
        Assert.False((await AnnounceAsync(url, tracker)).HasAnswer);
        Assert.False((await AnnounceAsync(url, tracker)).HasAnswer);
        Assert.Equal(3, lookups);
    }

    [Theory]
    [InlineData("wss://127.0.0.1:1/announce", "wss trackers are not supported")]
    [InlineData("http:", "this is not a URL")]
    [InlineData("http://t.example\\announce", "this is not a URL")]
    [InlineData("", "this is not a URL")]
    public async Task A_url_that_cannot_be_asked_is_a_failure(string url, string words) =>
        Assert.Equal(words, (await AnnounceAsync(url)).Failure);

    [Fact]
    public async Task A_silent_server_is_given_up()
    {
        await using ScriptedServer server = new((_, _, cancellation) => Task.Delay(Timeout.Infinite, cancellation));
        using TrackerService tracker = new(new HttpRequesterOptions { Timeout = TimeSpan.FromMilliseconds(300) });
        Assert.Equal($"{server.EndPoint} did not answer within 0.3 seconds", (await AnnounceAsync(server.AnnounceUrl, tracker)).Failure);
    }

    [Fact]
    public async Task A_server_that_drips_bytes_is_given_up()
    {
        await using ScriptedServer server = new(async (_, stream, cancellation) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), cancellation);
            using PeriodicTimer drip = new(TimeSpan.FromMilliseconds(20));
            while (await drip.WaitForNextTickAsync(cancellation))
                await stream.WriteAsync("d"u8.ToArray(), cancellation);
        });
        using TrackerService tracker = new(new HttpRequesterOptions { Timeout = TimeSpan.FromMilliseconds(500) });
        Assert.Contains(
            "did not answer within 0.5 seconds", (await AnnounceAsync(server.AnnounceUrl, tracker)).Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_end_of_the_session_ends_announces_and_there_are_no_more()
    {
        TaskCompletionSource asked = new();
        await using ScriptedServer server = new((_, _, cancellation) =>
        {
            asked.TrySetResult();
            return Task.Delay(Timeout.Infinite, cancellation);
        });
        TrackerService tracker = new(new HttpRequesterOptions());
        Task<TrackerOutcome<AnnounceResponse>> underWay = AnnounceAsync(server.AnnounceUrl, tracker);
        await asked.Task.Bounded();
        tracker.Dispose();
        Assert.Equal(
            "the session has ended", (await underWay.Bounded()).Failure);
        Assert.Equal("the session has ended", (await AnnounceAsync(server.AnnounceUrl, tracker)).Failure);
    }

    [Fact]
    public async Task Cancelling_ends_an_announce()
    {
        TaskCompletionSource asked = new();
        await using ScriptedServer server = new((_, _, cancellation) =>
        {
            asked.SetResult();
            return Task.Delay(Timeout.Infinite, cancellation);
        });
        using CancellationTokenSource cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task announce = _tracker.AnnounceAsync(server.AnnounceUrl, Request, cancel.Token);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => announce);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nd8:int", "closed the connection before the answer was complete")]
    [InlineData("", "closed the connection before the answer was complete")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nd8:in\r\n0\r\n\r\n", NotHttp)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n80000000000000000\r\nd8:in\r\n0\r\n\r\n", NotHttp)]
    [InlineData("SSH-2.0-OpenSSH\r\n", "answered with something that is not HTTP; if it serves HTTPS, its URL begins with https://")]
    [InlineData(
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 6\r\n\r\nd8:int", "sent an answer that cannot be decompressed")]
    public async Task An_incomplete_http_answer_is_a_failure_in_words(string raw, string words)
    {
        await using ScriptedServer server = ScriptedServer.Raw(Encoding.Latin1.GetBytes(raw));
        Assert.Equal($"{server.EndPoint} {words}", (await AnnounceAsync(server.AnnounceUrl)).Failure);
    }

    [Fact]
    public async Task Endless_headers_are_not_read_to_the_end()
    {
        string head = "HTTP/1.1 200 OK\r\n" + string.Concat(Enumerable.Repeat($"X-Filler: {new string('x', 1000)}\r\n", 100));
        await using ScriptedServer server = ScriptedServer.Raw(Encoding.Latin1.GetBytes(head));
        Assert.Equal($"{server.EndPoint} answered with headers that are too long", (await AnnounceAsync(server.AnnounceUrl)).Failure);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Content-Length: 9000000000000\r\n")]
    public async Task An_endless_body_is_cut_off(string header)
    {
        byte[] filler = new byte[64 * 1024];
        await using ScriptedServer server = new(async (_, stream, cancellation) =>
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes($"HTTP/1.1 200 OK\r\n{header}\r\n"), cancellation);
            while (true)
                await stream.WriteAsync(filler, cancellation);
        });
        Assert.Equal(
            $"{server.EndPoint} sent an answer longer than {TrackerLimits.MaxResponseLength} bytes",
            (await AnnounceAsync(server.AnnounceUrl)).Failure);
    }

    [Fact]
    public async Task A_small_body_that_unpacks_to_a_huge_one_is_cut_off()
    {
        using MemoryStream packed = new();
        await using (GZipStream gzip = new(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            await gzip.WriteAsync(new byte[64 * 1024 * 1024], TestContext.Current.CancellationToken);
        await using ScriptedServer server = ScriptedServer.Raw(
            Encoding.Latin1.GetBytes($"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {packed.Length}\r\n\r\n"),
            packed.ToArray());
        Assert.Contains("longer than", (await AnnounceAsync(server.AnnounceUrl)).Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_compressed_answer_is_decompressed()
    {
        using MemoryStream packed = new();
        await using (GZipStream gzip = new(packed, CompressionLevel.Optimal, leaveOpen: true))
            await gzip.WriteAsync(Encoding.Latin1.GetBytes(Good), TestContext.Current.CancellationToken);
        await using ScriptedServer server = ScriptedServer.Raw(
            Encoding.Latin1.GetBytes($"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {packed.Length}\r\n\r\n"),
            packed.ToArray());
        Assert.Single((await AnnounceAsync(server.AnnounceUrl)).Answer!.Peers);
    }

    [Fact]
    public async Task A_redirect_is_followed()
    {
        await using ScriptedServer server = new(async (head, stream, cancellation) =>
        {
            string answer = head.StartsWith("GET /announce/moved", StringComparison.Ordinal)
                ? $"HTTP/1.1 200 OK\r\nContent-Length: {Good.Length}\r\nConnection: close\r\n\r\n{Good}"
                : "HTTP/1.1 302 Found\r\nLocation: /announce/moved\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            await stream.WriteAsync(Encoding.Latin1.GetBytes(answer), cancellation);
        });
        Assert.Single((await AnnounceAsync(server.AnnounceUrl)).Answer!.Peers);
    }

    [Theory]
    [InlineData("http://\u00e4\u0000b/")]
    [InlineData("http://%E2%80%AE\u00ff.example/")]
    [InlineData("ftp://127.0.0.1/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://[::1/")]
    [InlineData("//")]
    public async Task A_redirect_to_nonsense_is_a_failure_and_not_an_exception(string location)
    {
        await using ScriptedServer server = ScriptedServer.Http("302 Found", "", $"Location: {location}", "Connection: close");
        TrackerOutcome<AnnounceResponse> outcome = await AnnounceAsync(server.AnnounceUrl);
        Assert.NotEmpty(outcome.Failure ?? outcome.Answer!.FailureReason!);
    }

    [Fact]
    public async Task Endless_redirects_are_given_up()
    {
        await using ScriptedServer server = ScriptedServer.Http("302 Found", "", "Location: /announce", "Connection: close");
        Assert.EndsWith("redirected more than 5 times", (await AnnounceAsync(server.AnnounceUrl)).Failure, StringComparison.Ordinal);
        Assert.Equal(TrackerLimits.MaxRedirects + 1, server.Heads.Count);
    }

    [Fact]
    public async Task Connections_come_from_the_bind_address()
    {
        IPAddress from = IPAddress.Parse("127.77.0.5");
        using TrackerService tracker = new(new HttpRequesterOptions { Binding = new NetworkBinding(from) });
        await using ScriptedServer server = ScriptedServer.Http("200 OK", Good);
        Assert.True((await AnnounceAsync(server.AnnounceUrl, tracker)).HasAnswer);
        Assert.Equal(from, Assert.Single(server.Clients).Address);
    }

    [Theory]
    [InlineData("203.0.113.9", "this machine has no address 203.0.113.9 to connect from")]
    [InlineData("::1", "{host} has no address that can be reached from ::1")]
    public async Task A_bind_address_that_cannot_be_used_sends_nothing(string from, string words)
    {
        if (from == "::1")
            Requires.IPv6Loopback();
        using TrackerService tracker = new(new HttpRequesterOptions { Binding = new NetworkBinding(IPAddress.Parse(from)) });
        await using ScriptedServer server = ScriptedServer.Http("200 OK", Good);
        Assert.Equal(
            words.Replace("{host}", server.EndPoint.ToString(), StringComparison.Ordinal),
            (await AnnounceAsync(server.AnnounceUrl, tracker)).Failure);
        Assert.Empty(server.Clients);
    }

    [Fact]
    public async Task A_tracker_on_ipv6_is_reached()
    {
        Requires.IPv6Loopback();
        await using ScriptedServer server = new(
            async (_, stream, cancellation) =>
                await stream.WriteAsync(Encoding.Latin1.GetBytes($"HTTP/1.0 200 OK\r\n\r\n{Good}"), cancellation),
            IPAddress.IPv6Loopback);
        Assert.Single((await AnnounceAsync(server.AnnounceUrl)).Answer!.Peers);
    }

    [Fact]
    public async Task A_tracker_is_asked_by_a_few_at_once_and_the_others_wait()
    {
        await using HeldServer server = new(Good);
        using TrackerService tracker = new(new HttpRequesterOptions());
        Task<TrackerOutcome<AnnounceResponse>>[] all = [.. Enumerable.Range(0, 12).Select(_ => AnnounceAsync(server.AnnounceUrl, tracker))];
        await server.ArrivedAsync(1);
        Assert.Equal(11, tracker.Waiting);
        server.Release(1);
        await server.ArrivedAsync(TrackerLimits.MaxRequestsPerHost);
        Assert.Equal(11 - TrackerLimits.MaxRequestsPerHost, tracker.Waiting);
        server.Release(100);
        Assert.All(await Task.WhenAll(all), outcome => Assert.True(outcome.HasAnswer, outcome.Failure));
    }

    // A tracker that did not answer used to take every place there was, for half a minute each.
    [Fact]
    public async Task A_tracker_that_does_not_answer_keeps_nobody_waiting_for_another()
    {
        await using HeldServer dead = new(Good);
        await using ScriptedServer alive = ScriptedServer.Http("200 OK", Good);
        using TrackerService tracker = new(new HttpRequesterOptions());
        Task<TrackerOutcome<AnnounceResponse>>[] stuck =
            [.. Enumerable.Range(0, 2 * TrackerLimits.MaxRequests).Select(_ => AnnounceAsync(dead.AnnounceUrl, tracker))];
        await dead.ArrivedAsync(1);
        Assert.True((await AnnounceAsync(alive.AnnounceUrl, tracker)).HasAnswer);
        tracker.Dispose();
        Assert.All(await Task.WhenAll(stuck), outcome => Assert.Equal(TrackerFault.PutOff, outcome.Fault));
    }

    [Fact]
    public async Task All_who_wait_for_an_unreachable_tracker_are_told_why()
    {
        await using HeldServer dead = new(Good);
        using TrackerService tracker = new(new HttpRequesterOptions { Timeout = TimeSpan.FromMilliseconds(500) });
        TrackerOutcome<AnnounceResponse>[] outcomes =
            await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AnnounceAsync(dead.AnnounceUrl, tracker)));
        Assert.All(outcomes, outcome => Assert.Equal($"{dead.EndPoint} did not answer within 0.5 seconds", outcome.Failure));
        Assert.All(outcomes, outcome => Assert.Equal(TrackerFault.Unreachable, outcome.Fault));
    }

    [Fact]
    public async Task An_announce_that_is_withdrawn_or_cancelled_leaves_the_queue()
    {
        await using HeldServer server = new(Good);
        using TrackerService tracker = new(new HttpRequesterOptions());
        using CancellationTokenSource takenBack = new();
        using CancellationTokenSource cancelled = new();
        Task<TrackerOutcome<AnnounceResponse>> first = tracker.AnnounceAsync(
            server.AnnounceUrl, Request, CancellationToken.None, takenBack.Token);
        await server.ArrivedAsync(1);
        Task<TrackerOutcome<AnnounceResponse>> second = tracker.AnnounceAsync(
            server.AnnounceUrl, Request, CancellationToken.None, takenBack.Token);
        Task<TrackerOutcome<AnnounceResponse>> third = tracker.AnnounceAsync(server.AnnounceUrl, Request, cancelled.Token);
        Assert.Equal(2, tracker.Waiting);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third);
        await takenBack.CancelAsync();
        Assert.Equal(TrackerFault.PutOff, (await second).Fault);
        Assert.Equal(0, tracker.Waiting);

        // The announce that is under way continues.
        server.Release(1);
        Assert.True((await first).HasAnswer);
        server.Release(1);
        Assert.True((await AnnounceAsync(server.AnnounceUrl, tracker)).HasAnswer);
    }

    [Fact]
    public async Task A_scrape_is_answered_with_numbers()
    {
        await using ScriptedServer server = ScriptedServer.Http(
            "200 OK", "d5:filesd20:aaaaaaaaaaaaaaaaaaaad8:completei1e10:downloadedi2e10:incompletei3eeee");
        InfoHash infoHash = new("aaaaaaaaaaaaaaaaaaaa"u8);
        TrackerOutcome<ScrapeResponse> outcome = await _tracker.ScrapeAsync(
            server.AnnounceUrl, new HashSet<InfoHash> { infoHash }, TestContext.Current.CancellationToken);
        Assert.Equal(new ScrapedSwarm(1, 3, 2, null), outcome.Answer!.Swarms[infoHash]);
        Assert.StartsWith("GET /scrape?info_hash=aaaaaaaaaaaaaaaaaaaa ", Assert.Single(server.Heads), StringComparison.Ordinal);
        outcome = await _tracker.ScrapeAsync(
            $"http://{server.EndPoint}/a", new HashSet<InfoHash> { infoHash }, TestContext.Current.CancellationToken);
        Assert.Equal("the tracker has no scrape address", outcome.Failure);
    }

    private Task<TrackerOutcome<AnnounceResponse>> AnnounceAsync(string url, TrackerService? tracker = null) =>
        (tracker ?? _tracker).AnnounceAsync(url, Request, TestContext.Current.CancellationToken);
}
