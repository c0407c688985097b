using Freshet.Api;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Daemon.Http;
using Freshet.Daemon.Running;
using Freshet.Daemon.Views;
using Microsoft.AspNetCore.Http;

namespace Freshet.Daemon.Endpoints;

/// <summary>Adding and inspecting torrents.</summary>
internal sealed class AddEndpoints(DaemonParts parts)
{
    private const string TorrentMedia = "application/x-bittorrent";
    private readonly TorrentSources _sources = new(parts);

    public IEnumerable<Operation> Operations =>
    [
        new("POST", "/api/v1/torrents", "addTorrent", "Adds a torrent.", AddAsync)
        {
            Request = JsonContext.Default.AddTorrent,
            RequestMedia = TorrentMedia,
            Response = JsonContext.Default.TorrentItem,
            Status = StatusCodes.Status201Created,
            MaxBody = Bounds.MaxLargeBody,
            Errors =
            [
                (403, "path-not-allowed"), (409, "torrent-exists"), (409, "path-in-use"), (422, "not-a-torrent"), (502, "fetch-failed"),
                (503, "not-available"),
            ],
            Query =
            [
                new("folder", "string", "With the body of a .torrent: where its files go."),
                new("start", "boolean", "With the body of a .torrent: whether it is started."),
                new("label", "string", "With the body of a .torrent: a label.") { IsList = true, Limits = SchemaLimits.Labels },
                new("category", "string", "With the body of a .torrent: its category.") { Limits = SchemaLimits.Category },
            ],
        },
        new("POST", "/api/v1/torrents/inspect", "inspectTorrent", "Looks into a .torrent or a magnet link.", InspectAsync)
        {
            Request = JsonContext.Default.InspectTorrent,
            Response = JsonContext.Default.InspectedTorrent,
            MaxBody = Bounds.MaxLargeBody,
            Errors = [(422, "not-a-torrent"), (502, "fetch-failed")],
        },
    ];

    /// <summary>The engine's options for an added torrent.</summary>
    private static TorrentOptions OptionsOf(AddTorrent request, string? folder, string? incompleteFolder)
    {
        TorrentOptions options = new()
        {
            DownloadFolder = folder,
            IncompleteFolder = incompleteFolder,
            ExistingFiles = request.KeepExisting == true ? ExistingFiles.Keep : ExistingFiles.Continue,
            ForceStart = request.ForceStart == true,
            Stopped = request.Start == false,
            StopAtMetadata = request.StopAtMetadata == true,
            FilePriorities = [.. (request.Priorities ?? []).Select(Codes.Of)],
            Sequential = request.Sequential == true,
            FirstAndLastFirst = request.FirstAndLastFirst == true,
            MaxDownloadRate = RateOf(request.MaxDownloadRate),
            MaxUploadRate = RateOf(request.MaxUploadRate),
            Peers = [.. PeerAddresses.Read(request.Peers ?? [], "peers")],
        };
        options = Labels.WithCategory(Labels.With(options, request.Labels ?? []), request.Category ?? "");
        return options with
        {
            MaxPeers = request.MaxPeers ?? options.MaxPeers,
            UploadSlots = request.UploadSlots == 0 ? null : request.UploadSlots,
        };
    }

    private async Task AddAsync(HttpContext context)
    {
        AddTorrent request = context.Request.ContentType == TorrentMedia
            ? await UploadedAsync(context).ConfigureAwait(false)
            : await context.ReadAsync(JsonContext.Default.AddTorrent).ConfigureAwait(false);
        TorrentOptions options = OptionsOf(
            request,
            await FolderOfAsync(request.Folder, context).ConfigureAwait(false),
            await IncompleteFolderOfAsync(request.IncompleteFolder, context).ConfigureAwait(false));
        options.Validate();
        (TorrentSource source, InfoHash hash) =
            await _sources.ReadAsync(request.Source, request.Metainfo, context.RequestAborted)
            .ConfigureAwait(false);
        Torrent torrent = await AddAsync(source, hash, options).ConfigureAwait(false);
        await parts.Catalog.RefreshAsync().ConfigureAwait(false);
        context.Response.Headers.Location = $"/api/v1/torrents/{torrent.InfoHash}";
        await context.WriteAsync(parts.Catalog.ItemOf(torrent), JsonContext.Default.TorrentItem, StatusCodes.Status201Created)
            .ConfigureAwait(false);
    }

    // Not bound to the request: if the client disconnects, the torrent is still added.
    private async Task<Torrent> AddAsync(TorrentSource source, InfoHash hash, TorrentOptions options)
    {
        try
        {
            return await parts.Session.AddAsync(source, options, parts.Stopping).ConfigureAwait(false);
        }
        catch (FreshetException e) when (e.Error == FreshetError.TorrentExists)
        {
            throw new ApiException(409, "torrent-exists", e.Message) { Hash = hash.ToString() };
        }
    }

    private static async Task<AddTorrent> UploadedAsync(HttpContext context)
    {
        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
        return new AddTorrent
        {
            Metainfo = body.ToArray(),
            Folder = context.Query("folder"),
            Start = context.QueryFlag("start", @default: true),
            Labels = context.QueryList("label"),
            Category = context.Query("category"),
        };
    }

    private async Task InspectAsync(HttpContext context)
    {
        InspectTorrent request = await context.ReadAsync(JsonContext.Default.InspectTorrent).ConfigureAwait(false);
        InspectedTorrent seen = await _sources.InspectAsync(request.Source, request.Metainfo, context.RequestAborted).ConfigureAwait(false);
        bool exists = InfoHash.TryParseHex(seen.Hash, out InfoHash hash) && parts.Session.Find(hash) is not null;
        await context.WriteAsync(seen with { Exists = exists }, JsonContext.Default.InspectedTorrent).ConfigureAwait(false);
    }

    private async Task<string?> FolderOfAsync(string? folder, HttpContext context) => string.IsNullOrWhiteSpace(folder)
        ? null
        : await parts.Paths.ResolveForFilesAsync(folder, parts.Control.Settings.DownloadFolder, context.RequestAborted)
            .ConfigureAwait(false) ?? throw FolderPaths.NotForFiles(folder);

    // The folder in the settings was checked when they were changed, or comes from the configuration.
    private async Task<string?> IncompleteFolderOfAsync(string? folder, HttpContext context) => folder is not null
        ? await FolderOfAsync(folder, context).ConfigureAwait(false)
        : parts.Control.Settings.IncompleteFolder is { Length: > 0 } usual ? usual : null;

    private static DataRate? RateOf(long? rate) => rate is null or 0 ? null : new DataRate(rate.Value);
}
