using Freshet.Api;
using Freshet.Core.Sessions;
using Freshet.Daemon.Http;
using Freshet.Daemon.Running;
using Microsoft.AspNetCore.Http;

namespace Freshet.Daemon.Endpoints;

/// <summary>Actions on one or many torrents.</summary>
internal sealed class ActionEndpoints(DaemonParts parts)
{
    private static readonly IReadOnlyList<(int, string)> NoTorrent = [(404, "no-such-torrent")];
    private readonly Actions _actions = new(parts);

    public IEnumerable<Operation> Operations =>
    [
        Action(CommandKind.Start, "start", "startTorrent", "Starts a torrent, or tries again after a failure.",
            torrent => torrent.StartAsync()),
        Action(CommandKind.Stop, "stop", "stopTorrent", "Stops a torrent.", torrent => torrent.StopAsync()),
        Action(CommandKind.Recheck, "recheck", "recheckTorrent", "Hashes what is on disk.", torrent => torrent.RecheckAsync()),
        Action(CommandKind.Reannounce, "reannounce", "reannounceTorrent", "Asks the trackers for peers.",
            torrent => torrent.ReannounceAsync()),
        new("POST", "/api/v1/torrents/{hash}/move", "moveTorrent", "Moves the files of a torrent to another folder.", MoveAsync)
        {
            Request = JsonContext.Default.MoveTorrent,
            Status = StatusCodes.Status204NoContent,
            MayGoOn = true,
            Errors =
            [
                .. NoTorrent, (403, "path-not-allowed"), (409, "file-exists"), (409, "locked"), (409, "path-in-use"), (409, "moving"),
                (409, "cancelled"), (409, "superseded"), (503, "not-available"),
            ],
        },
        new("POST", "/api/v1/torrents/{hash}/move/cancel", "cancelMove", "Ends a move of files, which takes back what was done.",
            CancelMoveAsync)
        {
            Status = StatusCodes.Status204NoContent,
            Errors = [.. NoTorrent, (404, "no-such-job")],
        },
        new("DELETE", "/api/v1/torrents/{hash}", "removeTorrent", "Removes a torrent.", RemoveAsync)
        {
            Status = StatusCodes.Status204NoContent,
            MayGoOn = true,
            Errors = [.. NoTorrent, (409, "superseded")],
            Query = [new("deleteFiles", "boolean", "Whether its files are deleted; false if not given.")],
        },
        new("POST", "/api/v1/torrents/bulk", "bulk", "Does one thing with many torrents.", BulkAsync)
        {
            Request = JsonContext.Default.BulkRequest,
            Response = JsonContext.Default.BulkResult,
            MaxBody = Bounds.MaxLargeBody,
            Errors = [(403, "path-not-allowed"), (503, "not-available")],
        },
    ];

    private Operation Action(CommandKind kind, string word, string id, string summary, Func<Torrent, Task> act) =>
        new("POST", "/api/v1/torrents/{hash}/" + word, id, summary,
            context => _actions.AnswerAsync(context, context.TorrentOf(parts.Session), kind, act))
        {
            Status = StatusCodes.Status204NoContent,
            MayGoOn = true,
            Errors = [.. NoTorrent, (409, "superseded")],
        };

    private Task RemoveAsync(HttpContext context)
    {
        RemoveMode mode = context.QueryFlag("deleteFiles", @default: false) ? RemoveMode.DeleteFiles : RemoveMode.KeepFiles;
        return _actions.AnswerAsync(context, context.TorrentOf(parts.Session), KindOf(mode), torrent => RemoveAsync(torrent, mode));
    }

    private async Task MoveAsync(HttpContext context)
    {
        MoveTorrent move = await context.ReadAsync(JsonContext.Default.MoveTorrent).ConfigureAwait(false);
        string folder = await FolderOfAsync(move.Folder, context).ConfigureAwait(false);
        await _actions.AnswerAsync(
            context, context.TorrentOf(parts.Session), CommandKind.Move, torrent => parts.Moves.RunAsync(torrent, folder))
            .ConfigureAwait(false);
    }

    private Task CancelMoveAsync(HttpContext context) => parts.Moves.TryCancel(context.TorrentOf(parts.Session))
        ? context.WriteNothingAsync()
        : throw new ApiException(404, "no-such-job", "Its files are not being moved.");

    /// <exception cref="ApiException">The folder is not allowed, or its disk does not respond.</exception>
    private async Task<string> FolderOfAsync(string? folder, HttpContext context) =>
        await parts.Paths.ResolveForFilesAsync(folder ?? "", parts.Control.Settings.DownloadFolder, context.RequestAborted)
            .ConfigureAwait(false) ?? throw FolderPaths.NotForFiles(folder);

    // If two requests remove a torrent at once, the second finds it gone.
    private async Task RemoveAsync(Torrent torrent, RemoveMode mode)
    {
        try
        {
            await parts.Session.RemoveAsync(torrent, mode).ConfigureAwait(false);
        }
        catch (ArgumentException)
        {
            throw new ApiException(404, "no-such-torrent", $"The session has no torrent {torrent.InfoHash}.");
        }
    }

    private async Task BulkAsync(HttpContext context)
    {
        BulkRequest request = await context.ReadAsync(JsonContext.Default.BulkRequest).ConfigureAwait(false);
        if (request.Hashes.Count > Bounds.MaxPage)
            throw ApiException.InvalidValue("hashes", $"are {request.Hashes.Count}: {Bounds.MaxPage} at the most");
        string[] hashes = [.. request.Hashes.Distinct()];
        BulkResult result = QueueEndpoints.MoveOf(request.Action) is { } move
            ? await MoveInQueueAsync(hashes, move, context.RequestAborted).ConfigureAwait(false)
            : await _actions.RunAllAsync(hashes, KindOf(request), await ActOfAsync(request, context).ConfigureAwait(false))
                .ConfigureAwait(false);
        await parts.Catalog.RefreshAsync().ConfigureAwait(false);
        await context.WriteAsync(result, JsonContext.Default.BulkResult).ConfigureAwait(false);
    }

    // Where a torrent is moved to depends on where the others are, so one request after the other is carried out.
    private async Task<BulkResult> MoveInQueueAsync(string[] hashes, QueueMove move, CancellationToken cancellationToken)
    {
        IDisposable turn = await parts.QueueTurns.EnterAsync(cancellationToken).ConfigureAwait(false);
        Task<BulkResult> moving;
        try
        {
            HashSet<Torrent> staying = QueueEndpoints.Staying(hashes, move, parts.Session);
            string[] ordered = [.. QueueEndpoints.Ordered(hashes, move, parts.Session)];
            moving = _actions.RunInOrderAsync(
                ordered, torrent => staying.Contains(torrent) ? Task.CompletedTask : parts.Session.MoveAsync(torrent, move), turn.Dispose);
        }
        catch
        {
            turn.Dispose();
            throw;
        }

        return await moving.ConfigureAwait(false);
    }

    private static CommandKind KindOf(RemoveMode mode) =>
        mode == RemoveMode.DeleteFiles ? CommandKind.RemoveWithFiles : CommandKind.Remove;

    private static CommandKind KindOf(BulkRequest request) => request.Action switch
    {
        BulkAction.Start => CommandKind.Start,
        BulkAction.Stop => CommandKind.Stop,
        BulkAction.Recheck => CommandKind.Recheck,
        BulkAction.Reannounce => CommandKind.Reannounce,
        BulkAction.Remove => KindOf(ModeOf(request)),
        BulkAction.Move => CommandKind.Move,
        _ => CommandKind.Change,
    };

    private static RemoveMode ModeOf(BulkRequest request) =>
        request.DeleteFiles == true ? RemoveMode.DeleteFiles : RemoveMode.KeepFiles;

    private async Task<Func<Torrent, Task>> ActOfAsync(BulkRequest request, HttpContext context)
    {
        if (request.Action != BulkAction.Move)
            return ActOf(request);
        string folder = await FolderOfAsync(request.Folder, context).ConfigureAwait(false);
        return torrent => parts.Moves.RunAsync(torrent, folder);
    }

    private Func<Torrent, Task> ActOf(BulkRequest request) => request.Action switch
    {
        BulkAction.Start => torrent => torrent.StartAsync(),
        BulkAction.Stop => torrent => torrent.StopAsync(),
        BulkAction.Recheck => torrent => torrent.RecheckAsync(),
        BulkAction.Reannounce => torrent => torrent.ReannounceAsync(),
        BulkAction.Remove => torrent => RemoveAsync(torrent, ModeOf(request)),
        _ when request.Change is { } change => torrent => TorrentChanges.ApplyAsync(torrent, change),
        _ => throw ApiException.InvalidValue("change", "is missing"),
    };
}
