using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Freshet.Cli.Streaming;

namespace Freshet.Cli.Tests.Streaming;

public sealed class StreamServerTests : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly byte[] _content = new byte[1_000_000];

    public StreamServerTests() => new Random(1).NextBytes(_content);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task A_whole_file_is_served_with_its_type_and_length()
    {
        await using StreamServer server = await StartAsync("a/the film.mkv");
        Assert.Equal("/the%20film.mkv", server.Url!.AbsolutePath);
        using HttpResponseMessage response = await _http.GetAsync(server.Url, Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("video/x-matroska", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("bytes", Assert.Single(response.Headers.AcceptRanges));
        Assert.Equal(_content, await response.Content.ReadAsByteArrayAsync(Token));
    }

    [Theory]
    [InlineData(500, 599L, 500, 100)]
    [InlineData(999_000, null, 999_000, 1000)]
    [InlineData(null, 10L, 999_990, 10)]
    public async Task A_partial_request_is_answered_with_a_part(int? from, long? to, int offset, int length)
    {
        await using StreamServer server = await StartAsync("x.mp4");
        using HttpRequestMessage request = new(HttpMethod.Get, server.Url);
        request.Headers.Range = new RangeHeaderValue(from, to);
        using HttpResponseMessage response = await _http.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal(new ContentRangeHeaderValue(offset, offset + length - 1, _content.Length), response.Content.Headers.ContentRange);
        Assert.Equal(_content[offset..(offset + length)], await response.Content.ReadAsByteArrayAsync(Token));
    }

    [Fact]
    public async Task A_range_beyond_the_file_is_refused_with_its_length()
    {
        await using StreamServer server = await StartAsync("x.mp4");
        using HttpRequestMessage request = new(HttpMethod.Get, server.Url);
        request.Headers.Range = new RangeHeaderValue(1_000_000, null);
        using HttpResponseMessage response = await _http.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, response.StatusCode);
        Assert.Equal(1_000_000, response.Content.Headers.ContentRange!.Length);
    }

    [Fact]
    public async Task A_head_request_gets_no_bytes_and_other_methods_are_refused()
    {
        await using StreamServer server = await StartAsync("x.mp4");
        using HttpResponseMessage head = await _http.SendAsync(new HttpRequestMessage(HttpMethod.Head, server.Url), Token);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(1_000_000, head.Content.Headers.ContentLength);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(Token));
        using HttpResponseMessage post = await _http.SendAsync(new HttpRequestMessage(HttpMethod.Delete, server.Url), Token);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
    }

    [Fact]
    public async Task A_host_name_that_leads_here_but_is_not_this_machines_is_refused()
    {
        await using StreamServer server = await StartAsync("x.mp4");
        using HttpRequestMessage request = new(HttpMethod.Get, server.Url);
        request.Headers.Host = "rebound.example";
        using HttpResponseMessage response = await _http.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, response.StatusCode);
    }

    [Fact]
    public async Task Several_parts_are_served_in_one_answer()
    {
        await using StreamServer server = await StartAsync("x.mp4");
        using HttpRequestMessage request = new(HttpMethod.Get, server.Url);
        request.Headers.Range = new RangeHeaderValue { Ranges = { new(10, 19), new(null, 5) } };
        using HttpResponseMessage response = await _http.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        MediaTypeHeaderValue type = response.Content.Headers.ContentType!;
        Assert.Equal("multipart/byteranges", type.MediaType);
        string boundary = Assert.Single(type.Parameters, parameter => parameter.Name == "boundary").Value!;
        byte[] body = await response.Content.ReadAsByteArrayAsync(Token);
        string head = $"\r\n--{boundary}\r\nContent-Type: video/mp4\r\nContent-Range: bytes ";
        byte[] expected =
        [
            .. Encoding.ASCII.GetBytes(head + "10-19/1000000\r\n\r\n"), .. _content[10..20],
            .. Encoding.ASCII.GetBytes(head + "999995-999999/1000000\r\n\r\n"), .. _content[^5..],
            .. Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n"),
        ];
        Assert.Equal(expected, body);
        Assert.Equal(body.Length, response.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task A_player_that_disconnects_closes_its_file_and_others_play_on()
    {
        int open = 0;
        await using StreamServer server = await StreamServer.StartAsync(
            "x.mp4", () => new CountedStream(_content, () => Interlocked.Decrement(ref open), Interlocked.Increment(ref open)), 0, Token);
        for (int i = 0; i < 5; i++)
        {
            using HttpResponseMessage dropped =
                await _http.GetAsync(server.Url, HttpCompletionOption.ResponseHeadersRead, Token);
            Assert.Equal(HttpStatusCode.OK, dropped.StatusCode);
        }

        Assert.Equal(_content, await _http.GetByteArrayAsync(server.Url, Token));
        await Patience.Until(() => Volatile.Read(ref open) == 0);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_reported()
    {
        await using StreamServer first = await StartAsync("x.mp4");
        CliException failure = await Assert.ThrowsAsync<CliException>(
            () => StreamServer.StartAsync("x.mp4", () => Stream.Null, first.Url!.Port, Token));
        Assert.Contains($"port {first.Url!.Port} of 127.0.0.1", failure.Message, StringComparison.Ordinal);
    }

    private Task<StreamServer> StartAsync(string path) => StreamServer.StartAsync(path, () => new MemoryStream(_content), 0, Token);

    private sealed class CountedStream(byte[] content, Action closed, int number) : MemoryStream(content)
    {
        private bool _isClosed;

        public int Number => number;

        protected override void Dispose(bool disposing)
        {
            if (!_isClosed)
                closed();
            _isClosed = true;
            base.Dispose(disposing);
        }
    }
}
