using System.Collections.Concurrent;
using System.Net;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;
using Freshet.Core.WebSeeds;
using Freshet.Tests.Sessions;

namespace Freshet.Tests.WebSeeds;

public sealed class WebSeedSessionTests : IDisposable
{
    private const int PieceLength = 64 * 1024;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Nginx_alone_serves_a_torrent_of_many_files_over_few_connections()
    {
        SampleData sample = SampleData.Make(PieceLength, null, 1_000_000, 1, 0, 77_777, 3_000_000, 10, PieceLength);
        sample.WriteTo(_folder["served"]);
        await using NginxServer nginx = await NginxServer.StartAsync(_folder["served"]);
        await using Session session = await StartAsync();
        Torrent torrent = await AddAsync(session, sample, nginx.Url);
        await torrent.Completion.Bounded();
        sample.AssertIn(_folder["data"]);
        WebSeedStatus seed = Assert.Single(torrent.WebSeeds);
        Assert.Equal(nginx.Url, seed.Url);
        Assert.Equal(sample.Metainfo.Layout.TotalLength, seed.Downloaded.Bytes);
        Assert.Equal(0, torrent.Status.Wasted.Bytes);
        Assert.All(nginx.Requests, line => Assert.Contains("\" 206 ", line, StringComparison.Ordinal));
        Assert.InRange(nginx.Requests.Length, 6, 60);
    }

    [Fact]
    public async Task Requests_follow_one_another_over_the_same_connections()
    {
        SampleData sample = SampleData.Make(PieceLength, null, [.. Enumerable.Repeat(150_000, 40)]);
        await using FileServer server = new(sample.Files);
        await using Session session = await StartAsync();
        Torrent torrent = await AddAsync(session, sample, server.Url);
        await torrent.Completion.Bounded();
        sample.AssertIn(_folder["data"]);
        Assert.InRange(server.Queries.Count, 40, 400);
        Assert.InRange(server.Connections, 1, WebSeedLimits.MaxFetches);
    }

    [Fact]
    public async Task Nginx_serves_the_only_file_of_a_torrent_by_its_own_url()
    {
        byte[] content = new byte[700_000];
        new Random(5).NextBytes(content);
        SampleData sample = WebSeedSamples.Of("a film?.mkv", new MetainfoFile { Length = content.Length }, content);
        _folder.Write("served/elsewhere/film", content);
        await using NginxServer nginx = await NginxServer.StartAsync(_folder["served"]);
        await using Session session = await StartAsync();
        Torrent torrent = await AddAsync(session, sample, nginx.Url + "elsewhere/film");
        await torrent.Completion.Bounded();
        sample.AssertIn(_folder["data"]);
    }

    [Fact]
    public async Task A_redirect_of_nginx_within_its_host_is_followed()
    {
        SampleData sample = SampleData.Make(PieceLength, null, 400_000, 300_000);
        sample.WriteTo(_folder["served/real"]);
        await using NginxServer nginx = await NginxServer.StartAsync(
            _folder["served"], "absolute_redirect off; rewrite ^/old/(.*)$ /real/$1 redirect;");
        await using Session session = await StartAsync();
        Torrent torrent = await AddAsync(session, sample, nginx.Url + "old");
        await torrent.Completion.Bounded();
        sample.AssertIn(_folder["data"]);

        // From then on, the file is requested directly where it was found.
        Assert.InRange(nginx.Requests.Count(line => line.Contains(" 302 ", StringComparison.Ordinal)), 2, 8);
    }

    [Fact]
    public async Task Where_a_file_was_found_may_expire_and_its_own_url_is_asked_again_at_once()
    {
        SampleData sample = SampleData.Make(PieceLength, null, 12_000_000);
        ConcurrentDictionary<string, int> uses = new();
        int tickets = 0;
        int expired = 0;
        await using FileServer server = new(sample.Files)
        {
            Script = (query, _, stream) =>
            {
                string[] signed = query.Path.Split('/', 3);
                if (signed[0] != "signed")
                {
                    string location = $"/signed/{Interlocked.Increment(ref tickets)}/{Uri.EscapeDataString(query.Path)}";
                    return FileServer.SendAsync(stream, $"302 Found\r\nContent-Length: 0\r\nLocation: {location}", default);
                }

                // Each of them is good for one request.
                byte[] file = sample.Files[signed[2]];
                if (uses.AddOrUpdate(signed[1], 1, static (_, used) => used + 1) == 1)
                {
                    ReadOnlyMemory<byte> body = file.AsMemory(query.From, query.To - query.From + 1);
                    return FileServer.SendAsync(stream, FileServer.GoodHead(query, file), body);
                }

                Interlocked.Increment(ref expired);
                return FileServer.SendAsync(stream, "403 Forbidden\r\nContent-Length: 0", default);
            },
        };
        await using Session session = await StartAsync();
        Torrent torrent = await AddAsync(session, sample, server.Url);
        while (!torrent.Completion.IsCompleted)
        {
            Assert.DoesNotContain(torrent.WebSeeds, seed => seed.State == WebSeedState.Resting);
            await Task.WhenAny(torrent.Completion, Task.Delay(TimeSpan.FromMilliseconds(5), Token));
        }

        await torrent.Completion;
        sample.AssertIn(_folder["data"]);
        Assert.True(expired > 0, "Every request was redirected.");
    }

    [Fact]
    public async Task A_server_without_ranges_sends_each_file_once()
    {
        SampleData sample = SampleData.Make(PieceLength, null, 12_000_000, 7_000_000, 300_000);
        await using FileServer server = new(sample.Files)
        {
            Script = static (_, file, stream) => FileServer.SendAsync(stream, $"200 OK\r\nContent-Length: {file.Length}", file),
        };
        await using Session session = await StartAsync();
        Torrent torrent = await AddAsync(session, sample, server.Url);
        await torrent.Completion.Bounded();
        sample.AssertIn(_folder["data"]);

        // A few requests are under way until it is known, and a connection may end between two requests.
        Assert.InRange(server.Queries.Count, 3, 20);
        Assert.InRange(torrent.Status.Wasted.Bytes, 0, 2 * sample.Metainfo.Layout.TotalLength);
    }

    [Fact]
    public async Task Padding_is_neither_requested_nor_stored()
    {
        SampleData sample = WebSeedSamples.Padded();
        await using FileServer server = new(sample.Files);
        await using Session session = await StartAsync();
        Torrent torrent = await AddAsync(session, sample, server.Url);
        await torrent.Completion.Bounded();
        sample.AssertIn(_folder["data"]);
        Assert.DoesNotContain(server.Queries, query => query.Path.Contains(".pad", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_torrents_own_limit_applies_to_its_web_seeds()
    {
        SampleData sample = SampleData.Make(PieceLength, null, 400_000);
        await using FileServer server = new(sample.Files);
        await using Session session = await StartAsync();
        long began = TimeProvider.System.GetTimestamp();
        Torrent torrent = await AddAsync(session, sample, server.Url, new TorrentOptions { MaxDownloadRate = new DataRate(200_000) });
        await torrent.Completion.Bounded();

        // A second's worth may come at once.
        Assert.True(TimeProvider.System.GetElapsedTime(began) > TimeSpan.FromSeconds(0.8));
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_a_slow_web_seed_and_a_start_asks_it_again()
    {
        SampleData sample = SampleData.Make(PieceLength, null, 4_000_000);
        TaskCompletionSource held = new();
        await using FileServer server = new(sample.Files)
        {
            Script = async (query, file, stream) =>
            {
                int sent = Math.Min(100_000, file.Length - query.From);
                await FileServer.SendAsync(stream, FileServer.GoodHead(query, file), file.AsMemory(query.From, sent));
                await held.Task;
                return true;
            },
        };
        await using Session session = await StartAsync();
        Torrent torrent = await AddAsync(session, sample, server.Url);
        await Patience.Until(() => torrent.WebSeeds is [{ Downloaded.Bytes: > 50_000 }]);
        await torrent.StopAsync(Token).Bounded();
        int before = server.Queries.Count;
        held.SetResult();
        await torrent.StartAsync(Token);
        await Patience.Until(() => torrent.Status.State == TorrentState.Downloading && server.Queries.Count > before);
    }

    [Fact]
    public async Task A_query_is_not_sent_to_this_machine()
    {
        SampleData sample = SampleData.Make(PieceLength, null, 100_000);
        await using FileServer server = new(sample.Files);
        await using Session session = await StartAsync();

        Torrent torrent = await AddAsync(session, sample, $"http://127.0.0.1:{server.Port}/?f=");
        await Patience.Until(() => torrent.WebSeeds is [{ State: WebSeedState.GivenUp }]);
        Assert.Contains("without a query of its own", torrent.WebSeeds[0].Message, StringComparison.Ordinal);
        Assert.Empty(server.Queries);
    }

    private Task<Session> StartAsync() => Session.StartAsync(
        new SessionOptions
        {
            DownloadFolder = _folder["data"],
            StateFolder = null,
            ListenPort = 0,
            BindAddress = IPAddress.Loopback,
        },
        Token);

    private static Task<Torrent> AddAsync(Session session, SampleData sample, params string[] webSeeds) =>
        AddAsync(session, sample, webSeeds[0], new TorrentOptions(), webSeeds[1..]);

    private static Task<Torrent> AddAsync(
        Session session, SampleData sample, string webSeed, TorrentOptions options, params string[] others) =>
        session.AddAsync(
            TorrentSource.Metainfo(sample.Metainfo with { WebSeeds = [webSeed, .. others] }), options, Token);
}
