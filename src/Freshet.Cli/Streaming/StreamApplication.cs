using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Freshet.Cli.Streaming;

/// <summary>
/// Answers players: serves the bytes of one file, from any position, as soon as they are there. Only requests whose host is this machine
/// are answered, so that no web page can read the file through a host name of its own that resolves here (DNS rebinding).
/// </summary>
/// <param name="path">The file's path in the torrent.</param>
/// <param name="open">Opens the file again for each request.</param>
internal sealed class StreamApplication(string path, Func<Stream> open) : IHttpApplication<HttpContext>
{
    private const int ChunkLength = 128 * 1024;

    private readonly string _mediaType = MediaType.Of(path);

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    public async Task ProcessRequestAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        string method = context.Request.Method;
        if (!IsThisMachine(context.Request.Host.Host))
        {
            response.StatusCode = StatusCodes.Status421MisdirectedRequest;
            return;
        }

        if (!HttpMethods.IsGet(method) && !HttpMethods.IsHead(method))
        {
            response.Headers.Allow = "GET, HEAD";
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }

        Stream file = open();
        await using (file.ConfigureAwait(false))
        {
            response.Headers.AcceptRanges = "bytes";
            response.ContentType = _mediaType;
            IReadOnlyList<ByteRange> ranges = ByteRange.AllOf(context.Request.Headers.Range, file.Length);
            if (ranges.Count == 0)
            {
                response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
                response.Headers.ContentRange = $"bytes */{file.Length}";
                return;
            }

            MultipartRanges? parts = ranges.Count > 1 ? new MultipartRanges(ranges, _mediaType, file.Length) : null;
            ByteRange first = ranges[0];
            if (first.IsPart)
                response.StatusCode = StatusCodes.Status206PartialContent;
            if (parts is not null)
                response.ContentType = parts.ContentType;
            else if (first.IsPart)
                response.Headers.ContentRange = $"bytes {first.Offset}-{first.Offset + first.Length - 1}/{file.Length}";
            response.ContentLength = parts?.Length ?? first.Length;
            if (HttpMethods.IsGet(method))
                await SendAsync(context, file, ranges, parts).ConfigureAwait(false);
        }
    }

    private static async Task SendAsync(HttpContext context, Stream file, IReadOnlyList<ByteRange> ranges, MultipartRanges? parts)
    {
        try
        {
            // Headers are sent at once: they tell the player that the file exists, however long its bytes take.
            await context.Response.StartAsync(context.RequestAborted).ConfigureAwait(false);
            foreach (ByteRange range in ranges)
            {
                if (parts is not null)
                    await context.Response.BodyWriter.WriteAsync(parts.HeadOf(range), context.RequestAborted).ConfigureAwait(false);
                await SendAsync(context, file, range).ConfigureAwait(false);
            }

            if (parts is not null)
                await context.Response.BodyWriter.WriteAsync(parts.End, context.RequestAborted).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The player has gone or seeks, which looks the same; or the torrent is gone, and the player sees that the answer is too short.
            context.Abort();
        }
    }

    private static async Task SendAsync(HttpContext context, Stream file, ByteRange range)
    {
        file.Position = range.Offset;
        for (long left = range.Length; left > 0;)
        {
            Memory<byte> memory = context.Response.BodyWriter.GetMemory(ChunkLength);
            int most = (int)Math.Min(Math.Min(ChunkLength, memory.Length), left);
            int read = await file.ReadAsync(memory[..most], context.RequestAborted).ConfigureAwait(false);
            context.Response.BodyWriter.Advance(read);
            left -= read;
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        }
    }

    private static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));
}
