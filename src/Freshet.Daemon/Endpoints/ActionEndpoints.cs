using System.Collections.Concurrent;
using Freshet.Api;
using Freshet.Daemon.Http;
using Freshet.Daemon.Running;
using Microsoft.AspNetCore.Http;

namespace Freshet.Daemon.Endpoints;

/// <summary>
/// Actions on one or many torrents. What takes long (a slow disk, a tracker that does not answer the stopped event) continues in the
/// background; if it fails, the log has the reason.
/// </summary>
internal sealed class ActionEndpoints(DaemonParts parts)
{
    private static readonly IReadOnlyList<(int, string)> NoTorrent = [(404, "no-such-torrent")];

    public IEnumerable<Operation> Operations =>
    [
        Action("start", "startTorrent", "Starts a torrent, or tries again after a failure.", torrent => torrent.StartAsync()),
        Action("stop", "stopTorrent", "Stops a torrent.", torrent => torrent.StopAsync()),
        Action("recheck", "recheckTorrent", "Hashes what is on disk.", torrent => torrent.RecheckAsync()),
        Action("reannounce", "reannounceTorrent", "Asks the trackers for peers.", torrent => torrent.ReannounceAsync()),
        new("POST", "/api/v1/torrents/{hash}/move", "moveTorrent", "Moves the files of a torrent to another folder.", MoveAsync)
        {
            Request = JsonContext.Default.MoveTorrent,
            Status = StatusCodes.Status204NoContent,
            MayGoOn = true,
            Errors =
            [
                .. NoTorrent, (403, "path-not-allowed"), (409, "file-exists"), (409, "locked"), (409, "path-in-use"), (409, "moving"),
                (409, "cancelled"),
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
            Errors = NoTorrent,
            Query = [new("deleteFiles", "boolean", "Whether its files are deleted; false if not given.")],
        },
        new("POST", "/api/v1/torrents/bulk", "bulk", "Does one thing with many torrents.", BulkAsync)
        {
            Request = JsonContext.Default.BulkRequest,
            Response = JsonContext.Default.BulkResult,
            MaxBody = Bounds.MaxLargeBody,
            Errors = [(403, "path-not-allowed")],
        },
    ];

    private Operation Action(string word, string id, string summary, Func<Torrent, Task> act) =>
        new("POST", "/api/v1/torrents/{hash}/" + word, id, summary, context => RunAsync(context, act))
        {
            Status = StatusCodes.Status204NoContent,
            MayGoOn = true,
            Errors = NoTorrent,
        };

    private Task RemoveAsync(HttpContext context)
    {
        RemoveMode mode = context.QueryFlag("deleteFiles", @default: false) ? RemoveMode.DeleteFiles : RemoveMode.KeepFiles;
        return RunAsync(context, torrent => RemoveAsync(torrent, mode));
    }

    private async Task MoveAsync(HttpContext context)
    {
        MoveTorrent move = await context.ReadAsync(JsonContext.Default.MoveTorrent).ConfigureAwait(false);
        string folder = FolderOf(move.Folder);
        await RunAsync(context, torrent => parts.Moves.RunAsync(torrent, folder)).ConfigureAwait(false);
    }

    private Task CancelMoveAsync(HttpContext context) => parts.Moves.TryCancel(context.TorrentOf(parts.Session))
        ? context.WriteNothingAsync()
        : throw new ApiException(404, "no-such-job", "Its files are not being moved.");

    /// <exception cref="ApiException">The folder is not allowed.</exception>
    private string FolderOf(string? folder) =>
        parts.Folders.Resolve(folder ?? "", parts.Control.Settings.DownloadFolder) ?? throw new ApiException(
            403, "path-not-allowed", $"{folder} is not in a folder that requests may name (AllowedFolders).");

    private async Task RunAsync(HttpContext context, Func<Torrent, Task> act)
    {
        bool isDone = await FinishAsync(context.TorrentOf(parts.Session), act).ConfigureAwait(false);
        parts.Catalog.Refresh();
        await context.WriteNothingAsync(isDone ? StatusCodes.Status204NoContent : StatusCodes.Status202Accepted).ConfigureAwait(false);
    }

    /// <summary>Returns whether the action was done in time; otherwise it continues. Throws if it failed in time.</summary>
    private async Task<bool> FinishAsync(Torrent torrent, Func<Torrent, Task> act)
    {
        Task acting = act(torrent);
        Task patience = Task.Delay(Bounds.ActionPatience, parts.Stopping);
        if (await Task.WhenAny(acting, patience).ConfigureAwait(false) != acting)
        {
            _ = ReportAsync(torrent, acting);
            return false;
        }

        await acting.ConfigureAwait(false);
        return true;
    }

    private async Task ReportAsync(Torrent torrent, Task acting)
    {
        await acting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (acting.Exception?.InnerException is { } e)
        {
            LogLevelCode level = e is ApiException { Code: "cancelled" } ? LogLevelCode.Info : LogLevelCode.Error;
            parts.Log.Add(level, "warning", $"{torrent.Name}: {e.Message}", torrent.InfoHash.ToString());
        }
    }

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
        Func<Torrent, Task> act = ActOf(request);
        int done = 0, pending = 0;
        ConcurrentQueue<BulkFailure> failures = [];
        IEnumerable<string> hashes = request.Hashes.Distinct();
        ParallelOptions options = new() { MaxDegreeOfParallelism = Bounds.MaxBulkParallel };
        if (QueueEndpoints.MoveOf(request.Action) is { } move)
        {
            hashes = QueueEndpoints.Ordered(hashes, move, parts.Session);
            options.MaxDegreeOfParallelism = 1;
        }

        await Parallel.ForEachAsync(hashes, options, async (hash, _) =>
        {
            try
            {
                Torrent torrent = Exchange.FindTorrent(parts.Session, hash)
                    ?? throw new ApiException(404, "no-such-torrent", $"The session has no torrent {hash}.");
                if (await FinishAsync(torrent, act).ConfigureAwait(false))
                    Interlocked.Increment(ref done);
                else
                    Interlocked.Increment(ref pending);
            }
            catch (Exception e) when (ApiException.Of(e) is { } refused)
            {
                failures.Enqueue(new BulkFailure { Hash = hash, Code = refused.Code, Detail = refused.Message });
            }
        }).ConfigureAwait(false);
        parts.Catalog.Refresh();
        await context.WriteAsync(
            new BulkResult { Done = done, Pending = pending, Failures = [.. failures] },
                JsonContext.Default.BulkResult)
                .ConfigureAwait(false);
    }

    private Func<Torrent, Task> ActOf(BulkRequest request) => request.Action switch
    {
        _ when QueueEndpoints.MoveOf(request.Action) is { } move => torrent => parts.Session.MoveAsync(torrent, move),
        BulkAction.Move when FolderOf(request.Folder) is { } folder => torrent => parts.Moves.RunAsync(torrent, folder),
        BulkAction.Start => torrent => torrent.StartAsync(),
        BulkAction.Stop => torrent => torrent.StopAsync(),
        BulkAction.Recheck => torrent => torrent.RecheckAsync(),
        BulkAction.Reannounce => torrent => torrent.ReannounceAsync(),
        BulkAction.Remove => torrent =>
            RemoveAsync(torrent, request.DeleteFiles == true ? RemoveMode.DeleteFiles : RemoveMode.KeepFiles),
        _ when request.Change is { } change => torrent => TorrentChanges.ApplyAsync(torrent, change),
        _ => throw ApiException.InvalidValue("change", "is missing"),
    };
}
