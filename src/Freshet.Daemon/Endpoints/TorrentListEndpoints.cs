using System.Text.Json;
using Freshet.Api;
using Freshet.Daemon.Feeds;
using Freshet.Daemon.Http;
using Freshet.Daemon.Running;
using Microsoft.AspNetCore.Http;

namespace Freshet.Daemon.Endpoints;

/// <summary>The list of torrents, from the catalog, which holds the JSON made when a torrent last changed.</summary>
internal sealed class TorrentListEndpoints(DaemonParts parts)
{
    private const int DefaultLimit = 1_000;

    private static readonly RequestParameter Offset = new("offset", "integer", "How many torrents to leave out at the beginning.")
    { Limits = new() { Least = 0, Most = int.MaxValue } };

    private static readonly RequestParameter Limit = new(
        "limit", "integer", "How many torrents to send, 1 to 10,000; 1,000 if not given.")
    { Limits = new() { Least = 1, Most = Bounds.MaxPage } };

    private static readonly HashSet<string> Members = [.. JsonContext.Default.TorrentItem.Properties.Select(property => property.Name)];

    public IEnumerable<Operation> Operations =>
    [
        new("GET", "/api/v1/torrents", "listTorrents", "Lists torrents.", ListAsync)
        {
            Response = JsonContext.Default.TorrentPage,
            Query =
            [
                new("state", "string", "One of the states, or active, or attention.") { IsList = true },
                new("label", "string", "A label; empty for torrents without any.") { IsList = true },
                new("category", "string", "A category; empty for torrents without one.") { IsList = true },
                new("tracker", "string", "The host of a tracker; empty for torrents without any.") { IsList = true },
                new("search", "string", "Words that the name contains; also a label, or the beginning of the info-hash."),
                new("sort", "string", "A member to sort by, upwards, or downwards with - before it."),
                Offset,
                Limit,
                new("fields", "string", "Members to send, with commas between."),
            ],
        },
    ];

    private async Task ListAsync(HttpContext context)
    {
        TorrentQuery query = new(context);
        int offset = (int)context.QueryNumber(Offset, 0);
        int limit = (int)context.QueryNumber(Limit, DefaultLimit);
        HashSet<string>? fields = FieldsOf(context.Query("fields"));
        (int total, IReadOnlyList<CatalogItem> page) = query.Of(parts.Catalog, offset, limit);
        context.Response.ContentType = "application/json; charset=utf-8";
        await using Utf8JsonWriter writer = new(context.Response.BodyWriter);
        writer.WriteStartObject();
        writer.WriteNumber("total", total);
        writer.WriteNumber("offset", offset);
        writer.WriteStartArray("torrents");
        long sent = 0;
        foreach (CatalogItem item in page)
        {
            if (fields is null)
                writer.WriteRawValue(item.Json, skipInputValidation: true);
            else
                JsonDifference.WriteChosen(item.Json, fields, writer);
            if (writer.BytesCommitted + writer.BytesPending - sent < Bounds.MaxUnsentListBytes)
                continue;

            // A client that reads slowly holds little more than that.
            sent = writer.BytesCommitted + writer.BytesPending;
            await writer.FlushAsync(context.RequestAborted).ConfigureAwait(false);
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        await writer.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }

    private static HashSet<string>? FieldsOf(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        HashSet<string> fields = ["hash", .. text.Split(',', StringSplitOptions.TrimEntries)];
        if (fields.FirstOrDefault(field => !Members.Contains(field)) is { } unknown)
            throw ApiException.InvalidValue("fields", $"has \"{unknown}\", which torrents do not have");
        return fields;
    }
}
