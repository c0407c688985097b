using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Freshet.Daemon.Tests.Security;

/// <summary>What a login opens is closed with it.</summary>
public class LoggedOutTests
{
    [Fact]
    public async Task A_logout_ends_the_event_stream_of_its_session_and_no_other()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string cookie = await LogInAsync(daemon);
        using HttpResponseMessage ending = await AsAsync(daemon, cookie, HttpMethod.Get, "/api/v1/events");
        using HttpResponseMessage staying = await AsAsync(daemon, await LogInAsync(daemon), HttpMethod.Get, "/api/v1/events");
        using StreamReader lines = new(await ending.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        using StreamReader others = new(await staying.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        await LogOutAsync(daemon, cookie);
        await lines.ReadToEndAsync(TestContext.Current.CancellationToken).Bounded();
        await daemon.AddAsync(new SampleTorrent());
        string? line;
        do
        {
            line = await others.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().Bounded();
            Assert.NotNull(line);
        }
        while (!line.Contains("\"added\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_logout_ends_the_reading_of_a_file()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        SampleTorrent sample = new(tracker: "");
        sample.WriteTo(daemon.Data);
        const int Piece = 16 * 1024;

        // Nobody has what comes after the first piece, so that is waited for.
        byte[] bytes = [.. sample.First[..Piece], .. new byte[sample.First.Length - Piece]];
        await File.WriteAllBytesAsync(Path.Combine(daemon.Data, sample.FirstPath), bytes, TestContext.Current.CancellationToken);
        string hash = await daemon.AddAsync(sample);
        (await daemon.SendAsync(HttpMethod.Post, $"/api/v1/torrents/{hash}/start")).Dispose();
        Torrent torrent = daemon.Server.Session.Torrents[0];
        await Patience.Until(() => torrent.Status.State == Freshet.Core.Torrents.TorrentState.Downloading);
        string cookie = await LogInAsync(daemon);
        using HttpResponseMessage answer = await AsAsync(
            daemon, cookie, HttpMethod.Get, $"/api/v1/torrents/{hash}/files/0/content");
        Stream content = await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        await content.ReadExactlyAsync(new byte[Piece], TestContext.Current.CancellationToken).AsTask().Bounded();
        ValueTask<int> waiting = content.ReadAsync(new byte[1], TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        await LogOutAsync(daemon, cookie);
        await Assert.ThrowsAnyAsync<IOException>(() => waiting.AsTask().Bounded());
    }

    [Fact]
    public async Task A_link_for_a_player_opens_one_file_without_a_login_until_its_maker_logs_out()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        SampleTorrent sample = new(tracker: "");
        sample.WriteTo(daemon.Data);
        string hash = await daemon.AddAsync(sample);
        (await daemon.SendAsync(HttpMethod.Post, $"/api/v1/torrents/{hash}/start")).Dispose();
        await daemon.Server.Session.Torrents[0].Completion.WaitAsync(Patience.Bound, TestContext.Current.CancellationToken);
        string cookie = await LogInAsync(daemon);
        using HttpResponseMessage made = await AsAsync(
            daemon, cookie, HttpMethod.Post, $"/api/v1/torrents/{hash}/files/0/ticket");
        JsonNode ticket = JsonNode.Parse(await made.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        string path = (string)ticket["path"]!;
        using HttpResponseMessage whole = await TestDaemon.SendAsync(daemon.Stranger, HttpMethod.Get, path);
        Assert.Equal(sample.First, await whole.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken).Bounded());
        using HttpResponseMessage part = await TestDaemon.SendAsync(
            daemon.Stranger, HttpMethod.Get, path, change: request => request.Headers.Range = new RangeHeaderValue(20_000, 29_999));
        Assert.Equal(
            sample.First[20_000..30_000], await part.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken).Bounded());
        using HttpResponseMessage head = await TestDaemon.SendAsync(daemon.Stranger, HttpMethod.Head, path);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);

        string secret = path[path.IndexOf('?', StringComparison.Ordinal)..];
        await RefusedAsync(daemon, path.Replace("/files/0/", "/files/1/", StringComparison.Ordinal));
        await RefusedAsync(daemon, path[..^1]);
        await RefusedAsync(daemon, $"/api/v1/torrents/{hash}{secret}");
        await RefusedAsync(daemon, $"/api/v1/events{secret}");
        using HttpResponseMessage deleting = await TestDaemon.SendAsync(
            daemon.Stranger, HttpMethod.Delete, $"/api/v1/torrents/{hash}{secret}");
        Assert.Equal(HttpStatusCode.Unauthorized, deleting.StatusCode);
        await LogOutAsync(daemon, cookie);
        await RefusedAsync(daemon, path);
    }

    private static async Task RefusedAsync(TestDaemon daemon, string path)
    {
        using HttpResponseMessage answer = await TestDaemon.SendAsync(daemon.Stranger, HttpMethod.Get, path);
        await TestDaemon.ProblemOfAsync(answer, HttpStatusCode.Unauthorized, "not-authenticated");
    }

    private static async Task<string> LogInAsync(TestDaemon daemon)
    {
        using HttpResponseMessage answer = await TestDaemon.SendAsync(
            daemon.Stranger, HttpMethod.Post, "/api/v1/login", $$"""{"token": "{{daemon.Server.Token}}"}""");
        return answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    private static async Task LogOutAsync(TestDaemon daemon, string cookie)
    {
        using HttpResponseMessage answer = await AsAsync(daemon, cookie, HttpMethod.Post, "/api/v1/logout");
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    private static Task<HttpResponseMessage> AsAsync(TestDaemon daemon, string cookie, HttpMethod method, string path) =>
        TestDaemon.SendAsync(daemon.Stranger, method, path, change: request =>
        {
            request.Headers.Add("Cookie", cookie);
            request.Headers.Add("Origin", daemon.Server.Urls[0].GetLeftPart(UriPartial.Authority));
        });
}
