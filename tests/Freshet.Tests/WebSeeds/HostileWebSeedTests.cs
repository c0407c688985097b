using System.Net;
using Freshet.Core.WebSeeds;
using Freshet.Tests.Sessions;

namespace Freshet.Tests.WebSeeds;

/// <summary>Web seeds that misbehave: each is left alone with the reason, and the torrent comes from another one.</summary>
public sealed class HostileWebSeedTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    // Longer than what is read in vain where ranges are ignored.
    private readonly SampleData _sample = SampleData.Make(64 * 1024, null, 3_000_000);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("sends other bytes", WebSeedState.Banned, "failed its hash")]
    [InlineData("has a file of another length", WebSeedState.Resting, "has one of 3000007 bytes, and not of 3000000")]
    [InlineData("gives another range", WebSeedState.Resting, "when asked for")]
    [InlineData("gives more than the range", WebSeedState.Resting, "has one of 3000001 bytes")]
    [InlineData("says another length", WebSeedState.Resting, "as a range of")]
    [InlineData("does not say the range", WebSeedState.Resting, "without saying which")]
    [InlineData("breaks off", WebSeedState.Resting, "")]
    [InlineData("closes at once", WebSeedState.Resting, "")]
    [InlineData("sends no HTTP", WebSeedState.Resting, "")]
    [InlineData("sends an endless head", WebSeedState.Resting, "")]
    [InlineData("sends gzip", WebSeedState.Resting, "compressed")]
    [InlineData("chunks without end", WebSeedState.Resting, "more than it was asked for")]
    [InlineData("answers 404", WebSeedState.Resting, "HTTP 404")]
    [InlineData("answers 416", WebSeedState.Resting, "HTTP 416")]
    [InlineData("answers 500", WebSeedState.Resting, "HTTP 500")]
    [InlineData("answers 503", WebSeedState.Resting, "HTTP 503")]
    [InlineData("redirects to itself", WebSeedState.Resting, "redirected more than 5 times")]
    [InlineData("redirects to another port here", WebSeedState.Resting, "redirects do not lead to")]
    [InlineData("redirects to a cloud's metadata", WebSeedState.Resting, "redirects do not lead to")]
    [InlineData("redirects to a file", WebSeedState.Resting, "something that is not a URL")]
    public async Task A_bad_web_seed_costs_only_itself_and_the_reason_is_reported(string fault, WebSeedState state, string message)
    {
        await using FileServer good = new(_sample.Files);
        await using FileServer bad = new(_sample.Files)
        {
            Script = (query, file, stream) => MisbehaveAsync(fault, query, file, stream, good.Port),
        };
        await using Session session = await StartAsync();
        Torrent torrent = await session.AddAsync(
            TorrentSource.Metainfo(_sample.Metainfo with { WebSeeds = [bad.Url] }), cancellationToken: Token);
        await Patience.Until(() => torrent.WebSeeds is [{ } seed] && (seed.State == state || torrent.Completion.IsCompleted));
        Assert.Equal(state, torrent.WebSeeds[0].State);
        Assert.Contains(message, torrent.WebSeeds[0].Message, StringComparison.Ordinal);
        Assert.NotEqual("", torrent.WebSeeds[0].Message);
        Assert.Empty(good.Queries);
        int asked = bad.Queries.Count;
        Assert.InRange(asked, 1, 2 * WebSeedLimits.MaxFetches * 6);

        await using Session seed = await StartAsync("seed");
        _sample.WriteTo(_folder["seed"]);
        Torrent whole = await seed.AddAsync(TorrentSource.Metainfo(_sample.Metainfo), cancellationToken: Token);
        await whole.Completion.Bounded();
        await torrent.AddPeersAsync(seed.ListenEndPoints, Token);
        await torrent.Completion.Bounded();
        _sample.AssertIn(_folder["data"]);
    }

    [Theory]
    [InlineData("gives less than the range")]
    [InlineData("sends small files whole")]
    [InlineData("ends every connection")]
    [InlineData("sends byte by byte")]
    [InlineData("is busy once")]
    public async Task Odd_but_allowed_answers_are_accepted(string oddity)
    {
        SampleData sample = SampleData.Make(64 * 1024, null, 90_000, 300_000, 50_000);
        await using FileServer server = new(sample.Files) { Script = (query, file, stream) => BeOddAsync(oddity, query, file, stream) };
        await using Session session = await StartAsync();
        Torrent torrent = await session.AddAsync(
            TorrentSource.Metainfo(sample.Metainfo with { WebSeeds = [server.Url] }), cancellationToken: Token);
        await torrent.Completion.Bounded();
        sample.AssertIn(_folder["data"]);
        await Patience.Until(() => torrent.WebSeeds[0].State == WebSeedState.Idle);
        Assert.Null(torrent.WebSeeds[0].Message);
    }

    private Task<Session> StartAsync(string folder = "data") => Session.StartAsync(
        new SessionOptions { DownloadFolder = _folder[folder], StateFolder = null, ListenPort = 0, BindAddress = IPAddress.Loopback },
        Token);

    private static Task<bool> MisbehaveAsync(string fault, FileQuery query, byte[] file, Stream stream, int otherPort)
    {
        int length = query.To - query.From + 1;
        ReadOnlyMemory<byte> body = file.AsMemory(query.From, length);
        string good = FileServer.GoodHead(query, file);
        string Partial(int sent, int from, int to, int of) =>
            $"206 Partial Content\r\nContent-Length: {sent}\r\nContent-Range: bytes {from}-{to}/{of}";
        int aside = query.To + 1 < file.Length ? 1 : -1;
        return fault switch
        {
            "sends other bytes" => FileServer.SendAsync(stream, good, new byte[length]),
            "has a file of another length" =>
                FileServer.SendAsync(stream, Partial(length, query.From, query.To, file.Length + 7), body),
            "gives another range" =>
                FileServer.SendAsync(stream, Partial(length, query.From + aside, query.To + aside, file.Length), body),
            "gives more than the range" =>
                FileServer.SendAsync(stream, Partial(length + 1, query.From, query.To + 1, file.Length + 1), body),
            "says another length" => FileServer.SendAsync(stream, Partial(9, query.From, query.To, file.Length), body),
            "does not say the range" => FileServer.SendAsync(stream, $"206 Partial Content\r\nContent-Length: {length}", body),
            "breaks off" => CloseAfterAsync(FileServer.SendAsync(stream, good, body[..(length / 3)]), stream),
            "closes at once" => CloseAfterAsync(Task.FromResult(true), stream),
            "sends no HTTP" => FileServer.SendAsync(stream, "hello\0\0", default),
            "sends an endless head" => SendEndlesslyAsync(stream, "HTTP/1.1 206 Partial Content\r\n", "X-Y: zzzzzzzzzzzzzzzzzzzzzzzz\r\n"),
            "sends gzip" => FileServer.SendAsync(stream, good + "\r\nContent-Encoding: gzip", body),
            "chunks without end" => SendEndlesslyAsync(
                stream,
                "HTTP/1.1 206 Partial Content\r\nTransfer-Encoding: chunked\r\n"
                + $"Content-Range: bytes {query.From}-{query.To}/{file.Length}\r\n\r\n"
                + $"{length:x}\r\n{System.Text.Encoding.Latin1.GetString(body.Span)}\r\n",
                "10\r\n0123456789abcdef\r\n"),
            "answers 404" => FileServer.SendAsync(stream, "404 Not Found\r\nContent-Length: 0", default),
            "answers 416" => FileServer.SendAsync(stream, "416 Range Not Satisfiable\r\nContent-Length: 0", default),
            "answers 500" => FileServer.SendAsync(stream, "500 Oh\r\nContent-Length: 0", default),
            "answers 503" => FileServer.SendAsync(stream, "503 Busy\r\nRetry-After: 3600\r\nContent-Length: 0", default),
            "redirects to itself" => RedirectAsync(stream, "/sample/0/file 0"),
            "redirects to another port here" => RedirectAsync(stream, $"http://127.0.0.1:{otherPort}/sample/0/file%200"),
            "redirects to a cloud's metadata" => RedirectAsync(stream, "http://169.254.169.254/latest/meta-data/"),
            "redirects to a file" => RedirectAsync(stream, "file:///etc/passwd"),
            _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "unknown"),
        };
    }

    private static async Task<bool> BeOddAsync(string oddity, FileQuery query, byte[] file, Stream stream)
    {
        switch (oddity)
        {
            case "gives less than the range" when query.To - query.From >= 20_000:
                FileQuery less = query with { To = query.From + 19_999 };
                return await FileServer.SendAsync(stream, FileServer.GoodHead(less, file), file.AsMemory(query.From, 20_000));
            case "sends small files whole":
                return await FileServer.SendAsync(stream, $"200 OK\r\nContent-Length: {file.Length}", file);
            case "ends every connection":
                return await CloseAfterAsync(
                    FileServer.SendAsync(
                        stream,
                        FileServer.GoodHead(query, file) + "\r\nConnection: close",
                        file.AsMemory(query.From, query.To - query.From + 1)),
                    stream);
            case "sends byte by byte" when query.Number == 0:
                await FileServer.SendAsync(stream, FileServer.GoodHead(query, file), default);
                for (int at = query.From; at <= query.To; at++)
                    await stream.WriteAsync(file.AsMemory(at, 1));
                return true;
            case "is busy once" when query.Number == 0:
                return await FileServer.SendAsync(stream, "429 Slow down\r\nRetry-After: 1\r\nContent-Length: 0", default);
            default:
                return false;
        }
    }

    private static Task<bool> RedirectAsync(Stream stream, string location) =>
        FileServer.SendAsync(stream, $"302 Found\r\nContent-Length: 0\r\nLocation: {location}", default);

    private static async Task<bool> CloseAfterAsync(Task<bool> sending, Stream stream)
    {
        await sending;
        stream.Close();
        return true;
    }

    private static async Task<bool> SendEndlesslyAsync(Stream stream, string head, string again)
    {
        await stream.WriteAsync(System.Text.Encoding.Latin1.GetBytes(head));
        byte[] more = System.Text.Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat(again, 100)));
        for (int i = 0; i < 100_000; i++)
            await stream.WriteAsync(more);
        return true;
    }
}
