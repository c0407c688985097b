using System.Net.Mime;
using Freshet.Api;
using Freshet.Core.Metainfo;
using Freshet.Daemon.Http;
using Freshet.Daemon.Running;
using Freshet.Daemon.Views;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Freshet.Daemon.Endpoints;

/// <summary>A single torrent and its settings.</summary>
internal sealed class TorrentEndpoints(DaemonParts parts)
{
    private static readonly IReadOnlyList<(int, string)> NoTorrent = [(404, "no-such-torrent")];
    private readonly Actions _actions = new(parts);

    public IEnumerable<Operation> Operations =>
    [
        new("GET", "/api/v1/torrents/{hash}", "getTorrent", "Everything about one torrent.", GetAsync)
            { Response = JsonContext.Default.TorrentDetails, Errors = NoTorrent },
        new("PATCH", "/api/v1/torrents/{hash}", "changeTorrent", "Changes the settings of a torrent.", ChangeAsync)
        {
            Request = JsonContext.Default.TorrentChange,
            Response = JsonContext.Default.TorrentItem,
            MayGoOn = true,
            Errors = [.. NoTorrent, (409, "superseded")],
        },
        new("GET", "/api/v1/torrents/{hash}/torrent", "exportTorrent", "The torrent's .torrent file.", ExportAsync)
            { ResponseMedia = "application/x-bittorrent", Errors = [.. NoTorrent, (409, "no-metadata")] },
        new("GET", "/api/v1/torrents/{hash}/pieces", "getPieces", "Which pieces are there.", PiecesAsync)
            { Response = JsonContext.Default.PieceMap, Errors = NoTorrent },
    ];

    private async Task GetAsync(HttpContext context)
    {
        Torrent torrent = context.TorrentOf(parts.Session);
        TorrentMetainfo? metainfo = torrent.HasMetadata
            ? await torrent.WaitForMetadataAsync(context.RequestAborted).ConfigureAwait(false)
            : null;
        TorrentTotals totals = torrent.Totals;
        MagnetLink link = metainfo is not null
            ? MagnetLink.Of(metainfo)
            : new MagnetLink { InfoHash = torrent.InfoHash, DisplayName = torrent.Name };
        TorrentDetails details = new()
        {
            Torrent = parts.Catalog.ItemOf(torrent),
            HashV2 = metainfo?.InfoHashV2?.ToString(),
            Magnet = (link with { Trackers = [.. torrent.Trackers.Select(tracker => tracker.Url)] }).ToString(),
            Metadata = metainfo is null ? null : TorrentViews.MetadataOf(metainfo),
            IncompleteFolder = torrent.Options.IncompleteFolder,
            KeepExisting = torrent.Options.ExistingFiles == ExistingFiles.Keep,
            Settings = TorrentViews.SettingsOf(torrent.Options, parts.Session.Options.SeedLimits),
            ActiveTime = (long)totals.ActiveTime.TotalSeconds,
            SeedingTime = (long)totals.SeedingTime.TotalSeconds,
        };
        await context.WriteAsync(details, JsonContext.Default.TorrentDetails).ConfigureAwait(false);
    }

    private async Task ChangeAsync(HttpContext context)
    {
        Torrent torrent = context.TorrentOf(parts.Session);
        TorrentChange change = await context.ReadAsync(JsonContext.Default.TorrentChange).ConfigureAwait(false);
        bool isDone = await _actions.RunAsync(torrent, CommandKind.Change, changed => TorrentChanges.ApplyAsync(changed, change))
            .ConfigureAwait(false);
        await parts.Catalog.RefreshAsync(torrent).ConfigureAwait(false);
        await context.WriteAsync(
            parts.Catalog.ItemOf(torrent),
            JsonContext.Default.TorrentItem,
            isDone ? StatusCodes.Status200OK : StatusCodes.Status202Accepted).ConfigureAwait(false);
    }

    private async Task ExportAsync(HttpContext context)
    {
        Torrent torrent = context.TorrentOf(parts.Session);
        if (!torrent.HasMetadata)
            throw new ApiException(409, "no-metadata", "The torrent's metadata is not known yet.");
        byte[] bytes = await torrent.ExportAsync(context.RequestAborted).ConfigureAwait(false);
        ContentDispositionHeaderValue disposition = new(DispositionTypeNames.Attachment);
        disposition.SetHttpFileName(torrent.Name + ".torrent");
        context.Response.Headers.ContentDisposition = disposition.ToString();
        context.Response.ContentType = "application/x-bittorrent";
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted).ConfigureAwait(false);
    }

    private async Task PiecesAsync(HttpContext context)
    {
        Torrent torrent = context.TorrentOf(parts.Session);
        TorrentMetainfo? metainfo = torrent.HasMetadata
            ? await torrent.WaitForMetadataAsync(context.RequestAborted).ConfigureAwait(false)
            : null;
        byte[] have = torrent.Pieces.ToArray();
        await context.WriteAsync(
            new PieceMap
            {
                Count = metainfo?.Layout.PieceCount ?? 0,
                PieceLength = metainfo?.Layout.PieceLength ?? 0,
                Have = have,
            },
            JsonContext.Default.PieceMap).ConfigureAwait(false);
    }
}
