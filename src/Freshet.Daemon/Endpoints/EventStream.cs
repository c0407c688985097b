using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Freshet.Api;
using Freshet.Daemon.Feeds;
using Freshet.Daemon.Http;
using Freshet.Daemon.Running;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Freshet.Daemon.Endpoints;

/// <summary>
/// Live events. A client is only a position in the journal: it is sent the bytes after that position, and starts again with all torrents if
/// the journal no longer has it.
/// </summary>
internal sealed class EventStream(DaemonParts parts)
{
    private const string LastEventId = "Last-Event-ID";
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);
    private int _clients;

    public IEnumerable<Operation> Operations =>
    [
        new("GET", "/api/v1/events", "listen", "Live events: a snapshot, then what changes.", ListenAsync)
        {
            ResponseMedia = "text/event-stream",
            IsStream = true,
            Events = [("snapshot", nameof(SnapshotEvent)), ("change", ChangeSchema.Name), ("log", nameof(LogItem))],
            Headers = [new(LastEventId, "string", "The id of the last event: what came after it is sent, if it is still kept.")],
            Query = [new("lastEventId", "string", "The id of the last event, for clients that cannot send Last-Event-ID.")],
            Errors = [(503, "too-many-streams")],
        },
    ];

    private async Task ListenAsync(HttpContext context)
    {
        if (Interlocked.Increment(ref _clients) > Bounds.MaxEventClients)
        {
            Interlocked.Decrement(ref _clients);
            throw new ApiException(503, "too-many-streams", $"{Bounds.MaxEventClients} clients listen already.")
            { RetryAfter = TimeSpan.FromSeconds(10) };
        }

        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, parts.Stopping, parts.Doors.EndOf(context));
        try
        {
            context.Response.ContentType = "text/event-stream";
            context.Response.Headers.CacheControl = "no-store";
            context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            await RunAsync(context, ending.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The client has gone, is logged out, or the daemon is stopping.
        }
        finally
        {
            Interlocked.Decrement(ref _clients);
        }
    }

    private async Task RunAsync(HttpContext context, CancellationToken cancellationToken)
    {
        PipeWriter writer = context.Response.BodyWriter;
        string? lastId = context.Request.Headers[LastEventId].LastOrDefault() ?? context.Query("lastEventId");
        long? place = parts.Journal.NumberOf(lastId);

        // Sent at once: otherwise a client that missed nothing would not know for seconds that it is connected.
        writer.Write(":\n\n"u8);
        await FlushAsync(context, cancellationToken).ConfigureAwait(false);
        while (true)
        {
            if (place is not { } known || parts.Journal.ReadAfter(known) is not { } events)
            {
                place = await SendSnapshotAsync(context, cancellationToken).ConfigureAwait(false);
                continue;
            }

            if (events.Count == 0 && !await HasMoreAsync(known, cancellationToken).ConfigureAwait(false))
                writer.Write(":\n\n"u8);
            long unsent = 0;
            foreach (byte[] bytes in events)
            {
                writer.Write(bytes);
                unsent += bytes.Length;

                // A client may have missed much, which is kept once for all of them and not in each client's buffers.
                if (unsent < Bounds.MaxUnsentEventBytes)
                    continue;
                await FlushAsync(context, cancellationToken).ConfigureAwait(false);
                unsent = 0;
            }

            await FlushAsync(context, cancellationToken).ConfigureAwait(false);
            place = known + events.Count;
        }
    }

    private async Task<long> SendSnapshotAsync(HttpContext context, CancellationToken cancellationToken)
    {
        // Changes made while the snapshot is sent are sent again afterwards, which does no harm.
        long place = parts.Journal.Last;
        CatalogEntry[][] chunks = [.. parts.Catalog.Entries.Chunk(Bounds.MaxTorrentsInEvent)];
        if (chunks.Length == 0)
            chunks = [[]];
        for (int i = 0; i < chunks.Length; i++)
        {
            string? lastId = i == chunks.Length - 1 ? parts.Journal.IdOf(place) : null;
            WriteSnapshot(context.Response.BodyWriter, chunks[i], isFirst: i == 0, lastId);
            await FlushAsync(context, cancellationToken).ConfigureAwait(false);
        }

        return place;
    }

    private void WriteSnapshot(PipeWriter writer, CatalogEntry[] torrents, bool isFirst, string? lastId)
    {
        if (lastId is not null)
            writer.Write(Encoding.ASCII.GetBytes($"id: {lastId}\n"));
        writer.Write("event: snapshot\ndata: "u8);
        using (Utf8JsonWriter json = new(writer))
        {
            json.WriteStartObject();
            json.WriteBoolean("reset", isFirst);
            json.WriteStartArray("torrents");
            foreach (CatalogEntry entry in torrents)
                json.WriteRawValue(entry.Current.Json, skipInputValidation: true);
            json.WriteEndArray();
            json.WriteBoolean("complete", lastId is not null);
            json.WritePropertyName("session");
            json.WriteRawValue(parts.Catalog.StateJson, skipInputValidation: true);
            json.WriteEndObject();
        }

        writer.Write("\n\n"u8);
    }

    /// <summary>Waits for an event after a position; false if a keep-alive is due.</summary>
    private async Task<bool> HasMoreAsync(long place, CancellationToken cancellationToken)
    {
        try
        {
            await parts.Journal.WaitAsync(place).WaitAsync(KeepAlive, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    // A client that reads nothing would hold what it is sent; it can reconnect later.
    private static async Task FlushAsync(HttpContext context, CancellationToken cancellationToken)
    {
        try
        {
            await context.Response.BodyWriter.FlushAsync(cancellationToken).AsTask()
                .WaitAsync(Bounds.ClientPatience, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            context.Abort();
            throw new OperationCanceledException(context.RequestAborted);
        }
    }
}
