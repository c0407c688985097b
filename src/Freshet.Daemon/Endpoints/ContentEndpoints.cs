using System.Globalization;
using System.IO.Pipelines;
using Freshet.Api;
using Freshet.Core.Torrents;
using Freshet.Daemon.Http;
using Freshet.Daemon.Running;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Freshet.Daemon.Endpoints;

/// <summary>
/// The bytes of a torrent's file, by range, also while it downloads. The content is not trusted: only media get a type that a browser
/// displays, and nothing in them may run.
/// </summary>
internal sealed class ContentEndpoints(DaemonParts parts)
{
    private const string Route = "/api/v1/torrents/{hash}/files/{index}/content";
    private const int ChunkLength = 128 * 1024;
    private int _streams;

    public IEnumerable<Operation> Operations =>
    [
        Of("GET", "readFile"),
        Of("HEAD", "describeFile"),
        new("POST", "/api/v1/torrents/{hash}/files/{index}/ticket", "makeTicket", "A link to a file for a player.", MakeTicketAsync)
        {
            Response = JsonContext.Default.ContentTicket,
            Errors = [(404, "no-such-torrent"), (404, "no-such-file")],
        },
    ];

    private Operation Of(string method, string id) => new(method, Route, id, "The bytes of a file, or a range of them.", ReadAsync)
    {
        ResponseMedia = "application/octet-stream",
        IsStream = true,
        HasRanges = true,
        TakesTicket = true,
        Query =
        [
            new("download", "boolean", "Whether a browser is to save it; false if not given."),
            new("ticket", "string", "Authenticates the request, in place of a login."),
        ],
        Errors =
        [
            (404, "no-such-torrent"), (404, "no-such-file"), (409, "not-wanted"),
            (409, "torrent-failed"), (416, "range-not-satisfiable"), (500, "storage"), (503, "too-many-streams"), (503, "not-available"),
        ],
    };

    private Task MakeTicketAsync(HttpContext context)
    {
        Torrent torrent = context.TorrentOf(parts.Session);
        int index = FileEndpoints.IndexOf(context, torrent);
        string hash = torrent.InfoHash.ToString();
        (string secret, DateTimeOffset expiresAt) = parts.Doors.MakeTicket(context, hash, index);
        ContentTicket ticket = new()
        {
            Path = string.Create(CultureInfo.InvariantCulture, $"/api/v1/torrents/{hash}/files/{index}/content?ticket={secret}"),
            ExpiresAt = expiresAt,
        };
        return context.WriteAsync(ticket, JsonContext.Default.ContentTicket);
    }

    private async Task ReadAsync(HttpContext context)
    {
        Torrent torrent = context.TorrentOf(parts.Session);
        TorrentFileStatus file = torrent.Files[FileEndpoints.IndexOf(context, torrent)];
        if (file.IsPadding)
            throw new ApiException(404, "no-such-file", $"File {file.Index} is padding, which is not stored.");
        if (file.Priority == FilePriority.Skip)
            throw new ApiException(409, "not-wanted", $"File {file.Index} is not wanted: give it another priority first.");
        WriteHeaders(context, torrent, file);
        (long start, long length) = RangeOf(context, torrent, file);
        if (HttpMethods.IsHead(context.Request.Method) || length == 0)
            return;
        if (Interlocked.Increment(ref _streams) > Bounds.MaxContentStreams)
        {
            Interlocked.Decrement(ref _streams);
            throw new ApiException(503, "too-many-streams", $"{Bounds.MaxContentStreams} files are read already.")
            { RetryAfter = TimeSpan.FromSeconds(10) };
        }

        CancellationToken loggedOut = parts.Doors.EndOf(context);
        try
        {
            context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            using CancellationTokenSource ending =
                CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, parts.Stopping, loggedOut);
            Stream content = torrent.OpenRead(file.Index);
            await using (content.ConfigureAwait(false))
            {
                content.Position = start;
                await CopyAsync(content, length, context.Response.BodyWriter, ending).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (context.Response.HasStarted && e is IOException or TimeoutException or OperationCanceledException)
        {
            // The promised content is not available: all that is left is to abort.
            context.Abort();
        }
        catch (IOException e) when (torrent.Status.State == TorrentState.Failed)
        {
            throw new ApiException(409, "torrent-failed", e.Message);
        }
        catch (IOException e)
        {
            throw new ApiException(500, "storage", e.Message);
        }
        catch (OperationCanceledException) when (loggedOut.IsCancellationRequested)
        {
            throw new ApiException(401, "not-authenticated", "The login that this was asked with has ended.");
        }
        catch (OperationCanceledException)
            when (!context.RequestAborted.IsCancellationRequested && !parts.Stopping.IsCancellationRequested)
        {
            throw new ApiException(503, "not-available", $"No peer has sent the piece in {parts.Options.PiecePatience.TotalSeconds:0} s.")
            {
                RetryAfter = TimeSpan.FromSeconds(60),
            };
        }
        finally
        {
            Interlocked.Decrement(ref _streams);
        }
    }

    // Ends when nothing arrives for long: the stream itself would wait forever for a torrent that is stopped, or that nobody has.
    private async Task CopyAsync(Stream content, long length, PipeWriter destination, CancellationTokenSource ending)
    {
        while (length > 0)
        {
            ending.CancelAfter(parts.Options.PiecePatience);
            int most = (int)Math.Min(ChunkLength, length);
            int read = await content.ReadAsync(destination.GetMemory(most)[..most], ending.Token).ConfigureAwait(false);
            if (read == 0)
                throw new EndOfStreamException("The file is shorter than it should be.");
            // How long the client takes is not limited here.
            ending.CancelAfter(Timeout.InfiniteTimeSpan);
            destination.Advance(read);
            length -= read;
            await destination.FlushAsync(ending.Token).ConfigureAwait(false);
        }
    }

    private static void WriteHeaders(HttpContext context, Torrent torrent, TorrentFileStatus file)
    {
        string name = file.Path[(file.Path.LastIndexOf('/') + 1)..];
        string? media = MediaTypes.Of(name);
        bool isAttachment = media is null || context.QueryFlag("download", @default: false);
        ContentDispositionHeaderValue disposition = new(isAttachment ? "attachment" : "inline");
        disposition.SetHttpFileName(name);
        IHeaderDictionary headers = context.Response.Headers;
        headers.ContentDisposition = disposition.ToString();
        headers.ContentSecurityPolicy = "sandbox; default-src 'none'; media-src 'self'; img-src 'self'; style-src 'unsafe-inline'";
        headers.AcceptRanges = "bytes";
        headers.ETag = $"\"{torrent.InfoHash}-{file.Index.ToString(CultureInfo.InvariantCulture)}\"";
        context.Response.ContentType = media ?? "application/octet-stream";
    }

    /// <summary>
    /// Determines the requested range, and sets status and length. A request for several ranges gets the whole file, as RFC 9110 (14.2)
    /// allows.
    /// </summary>
    private static (long Start, long Length) RangeOf(HttpContext context, Torrent torrent, TorrentFileStatus file)
    {
        long size = file.Length.Bytes;
        (long start, long length) = (0, size);
        RangeHeaderValue? range = context.Request.GetTypedHeaders().Range;
        string tag = $"\"{torrent.InfoHash}-{file.Index.ToString(CultureInfo.InvariantCulture)}\"";
        string? condition = context.Request.Headers.IfRange;
        if (range is { Unit.Value: "bytes", Ranges.Count: 1 } && (condition is null || condition == tag))
        {
            RangeItemHeaderValue asked = range.Ranges.First();
            start = asked.From ?? Math.Max(0, size - asked.To!.Value);
            long end = asked.From is null ? size - 1 : Math.Min(asked.To ?? (size - 1), size - 1);
            if (start > end)
            {
                context.Response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{size}");
                throw new ApiException(416, "range-not-satisfiable", $"The file has {size} bytes.");
            }

            length = end - start + 1;
            context.Response.StatusCode = StatusCodes.Status206PartialContent;
            context.Response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {start}-{end}/{size}");
        }

        context.Response.ContentLength = length;
        return (start, length);
    }
}
