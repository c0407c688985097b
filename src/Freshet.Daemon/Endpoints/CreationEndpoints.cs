using System.Collections.Immutable;
using Freshet.Api;
using Freshet.Core.Metainfo;
using Freshet.Daemon.Http;
using Freshet.Daemon.Running;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Freshet.Daemon.Endpoints;

/// <summary>Creating torrents from files on the server.</summary>
internal sealed class CreationEndpoints(DaemonParts parts)
{
    private static readonly IReadOnlyList<(int, string)> NoJob = [(404, "no-such-job")];

    private readonly Creations _creations = new(parts.Session, parts.Log, parts.Stopping);

    public IEnumerable<Operation> Operations =>
    [
        new("POST", "/api/v1/creations", "createTorrent", "Makes a torrent of a file or folder.", BeginAsync)
        {
            Request = JsonContext.Default.CreateTorrent,
            Response = JsonContext.Default.CreationItem,
            Status = StatusCodes.Status202Accepted,
            Errors = [(403, "path-not-allowed"), (503, "not-available")],
        },
        new("GET", "/api/v1/creations", "listCreations", "Torrents that are being made, or were.",
            context => context.WriteAsync(new CreationList { Creations = _creations.All }, JsonContext.Default.CreationList))
            { Response = JsonContext.Default.CreationList },
        new("GET", "/api/v1/creations/{id}", "getCreation", "A torrent that is being made, or was.",
            context => context.WriteAsync(Find(context).Item, JsonContext.Default.CreationItem))
            { Response = JsonContext.Default.CreationItem, Errors = NoJob },
        new("GET", "/api/v1/creations/{id}/torrent", "getCreatedTorrent", "The .torrent that was made.", DownloadAsync)
            { ResponseMedia = "application/x-bittorrent", Errors = NoJob },
        new("DELETE", "/api/v1/creations/{id}", "removeCreation", "Cancels or forgets one.", RemoveAsync)
            { Status = StatusCodes.Status204NoContent, Errors = NoJob },
    ];

    private async Task BeginAsync(HttpContext context)
    {
        CreateTorrent request = await context.ReadAsync(JsonContext.Default.CreateTorrent).ConfigureAwait(false);
        string path = await parts.Paths
            .ResolveToReadAllAsync(request.Path, parts.Control.Settings.DownloadFolder, context.RequestAborted).ConfigureAwait(false)
            ?? throw FolderPaths.NotAllowed(request.Path);
        if (request.Seed == true)
            await RequireAllowedParentAsync(path, context.RequestAborted).ConfigureAwait(false);
        TorrentCreation options = OptionsOf(request);
        CreationItem begun = _creations.Begin(path, options, request.Seed == true);
        context.Response.Headers.Location = $"/api/v1/creations/{begun.Id}";
        await context.WriteAsync(begun, JsonContext.Default.CreationItem, StatusCodes.Status202Accepted).ConfigureAwait(false);
    }

    // The folder of the torrent would be the parent, in which its files can be renamed at will.
    private async Task RequireAllowedParentAsync(string path, CancellationToken cancellationToken)
    {
        if (Path.GetDirectoryName(path) is { } parent
            && await parts.Paths.ResolveForFilesAsync(parent, "/", cancellationToken).ConfigureAwait(false) is not null)
            return;
        throw new ApiException(
            403, "path-not-allowed",
            $"{path} can be made a torrent, but not seeded: its files could be renamed to any place beside it, and requests may not name "
            + "that folder (AllowedFolders).");
    }

    /// <exception cref="ApiException">A value is out of range.</exception>
    private TorrentCreation OptionsOf(CreateTorrent request)
    {
        int pieceLength = request.PieceLength ?? 0;
        if (pieceLength != 0
            && (pieceLength is < PieceLengthChooser.Shortest or > MetainfoBuilder.MaxPieceLength || !int.IsPow2(pieceLength)))
        {
            throw ApiException.InvalidValue("pieceLength", $"is {pieceLength}: a power of two from 16384 to 268435456, or 0");
        }

        return new TorrentCreation
        {
            Trackers =
            [
                .. (request.Trackers ?? [])
                    .Select(tier => tier.Select(url => Checked(url, "trackers", "http", "https", "udp")).ToImmutableArray())
                    .Where(tier => tier.Length > 0),
            ],
            WebSeeds = [.. (request.WebSeeds ?? []).Select(url => Checked(url, "webSeeds", "http", "https", "ftp"))],
            PieceLength = pieceLength == 0 ? null : pieceLength,
            IsPrivate = request.Private == true,
            Comment = request.Comment,
            Source = request.Source,
            CreatedBy = "Freshet " + DaemonVersion.Number,
            CreationDate = parts.Time.GetUtcNow(),
            AllowsLink = parts.Paths.Allows,
        };
    }

    private async Task DownloadAsync(HttpContext context)
    {
        Creation creation = Find(context);
        ReadOnlyMemory<byte> bytes = creation.Torrent ?? throw NoSuchJob(creation.Item.Id);
        ContentDispositionHeaderValue disposition = new("attachment");
        disposition.SetHttpFileName(Path.GetFileName(creation.Item.Path) + ".torrent");
        context.Response.Headers.ContentDisposition = disposition.ToString();
        context.Response.ContentType = "application/x-bittorrent";
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted).ConfigureAwait(false);
    }

    private Task RemoveAsync(HttpContext context)
    {
        _creations.Remove(Find(context));
        return context.WriteNothingAsync();
    }

    private Creation Find(HttpContext context)
    {
        string? id = (string?)context.Request.RouteValues["id"];
        return _creations.Find(id) ?? throw NoSuchJob(id);
    }

    private static ApiException NoSuchJob(string? id) => new(404, "no-such-job", $"No torrent {id} is being made or was made here.");

    private static string Checked(string? url, string member, params string[] schemes) =>
        Uri.TryCreate(url, UriKind.Absolute, out Uri? parsed) && schemes.Contains(parsed.Scheme)
            ? url!
            : throw ApiException.InvalidValue(member, $"has \"{url}\": an absolute URL of {string.Join(", ", schemes)}");
}
