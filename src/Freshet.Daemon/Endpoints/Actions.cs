using Freshet.Api;
using Freshet.Daemon.Http;
using Freshet.Daemon.Running;
using Microsoft.AspNetCore.Http;

namespace Freshet.Daemon.Endpoints;

/// <summary>
/// Runs actions on torrents for requests. A request waits for <see cref="DaemonOptions.ActionPatience"/>, however many torrents it is
/// about. What takes longer (a slow disk, a move, a tracker that does not answer the stopped event) continues in the background; if it
/// fails there, the log has the reason.
/// </summary>
internal sealed class Actions(DaemonParts parts)
{
    /// <summary>Runs an action on a torrent, and answers with 204, or with 202 if it continues.</summary>
    public async Task AnswerAsync(HttpContext context, Torrent torrent, Func<Torrent, Task> act)
    {
        bool isDone = await RunAsync(torrent, act).ConfigureAwait(false);
        parts.Catalog.Refresh();
        await context.WriteNothingAsync(isDone ? StatusCodes.Status204NoContent : StatusCodes.Status202Accepted).ConfigureAwait(false);
    }

    /// <summary>Returns whether the action was done in time; otherwise it continues. Throws if it failed in time.</summary>
    public async Task<bool> RunAsync(Torrent torrent, Func<Torrent, Task> act)
    {
        Task acting = act(torrent);
        if (await EndsInTimeAsync(acting).ConfigureAwait(false))
        {
            await acting.ConfigureAwait(false);
            return true;
        }

        _ = ReportAsync(torrent, acting);
        return false;
    }

    /// <summary>Runs an action on many torrents, a few at a time, in the given order.</summary>
    /// <param name="hashes">The torrents.</param>
    /// <param name="act">The action.</param>
    /// <param name="parallel">How many at a time. One that takes long makes room for the next.</param>
    public async Task<BulkResult> RunAllAsync(IReadOnlyCollection<string> hashes, Func<Torrent, Task> act, int parallel)
    {
        BulkTally tally = new(hashes.Count);

        // Whatever a hash names now is meant, and not what it may name when its turn comes.
        (string Hash, Torrent? Torrent)[] torrents = [.. hashes.Select(hash => (hash, Exchange.FindTorrent(parts.Session, hash)))];
        ParallelOptions options = new() { MaxDegreeOfParallelism = parallel };
        Task running = Parallel.ForEachAsync(torrents, options, async (each, _) =>
        {
            if (!parts.Stopping.IsCancellationRequested)
                await RunOneAsync(each.Hash, each.Torrent, act, tally).ConfigureAwait(false);
        });
        if (await EndsInTimeAsync(running).ConfigureAwait(false))
            await running.ConfigureAwait(false);
        else
            _ = ReportAsync(torrent: null, running);
        return tally.Close();
    }

    private async Task RunOneAsync(string hash, Torrent? torrent, Func<Torrent, Task> act, BulkTally tally)
    {
        try
        {
            if (torrent is null)
                throw new ApiException(404, "no-such-torrent", $"The session has no torrent {hash}.");
            if (await RunAsync(torrent, act).ConfigureAwait(false))
                tally.OnDone();
        }
        catch (Exception e) when (ApiException.Of(e) is { } refused)
        {
            if (!tally.TryFail(new BulkFailure { Hash = hash, Code = refused.Code, Detail = refused.Message }))
                Report(hash, hash, refused);
        }
    }

    private async Task<bool> EndsInTimeAsync(Task task)
    {
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(parts.Stopping);
        Task first = await Task.WhenAny(task, Task.Delay(parts.Options.ActionPatience, ending.Token)).ConfigureAwait(false);
        await ending.CancelAsync().ConfigureAwait(false);
        return first == task;
    }

    private async Task ReportAsync(Torrent? torrent, Task acting)
    {
        await acting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (acting.Exception?.InnerException is { } e)
            Report(torrent?.Name ?? "A change of many torrents", torrent?.InfoHash.ToString(), e);
    }

    private void Report(string name, string? hash, Exception e)
    {
        LogLevelCode level = e is ApiException { Code: "cancelled" } ? LogLevelCode.Info : LogLevelCode.Error;
        parts.Log.Add(level, "warning", $"{name}: {e.Message}", hash);
    }
}
