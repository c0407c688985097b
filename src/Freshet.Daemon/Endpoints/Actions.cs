using Freshet.Api;
using Freshet.Daemon.Http;
using Freshet.Daemon.Running;
using Microsoft.AspNetCore.Http;

namespace Freshet.Daemon.Endpoints;

/// <summary>
/// Runs actions on torrents for requests. A request waits for <see cref="DaemonOptions.ActionPatience"/>, however many torrents it is
/// about. What takes longer (a slow disk, a move, a tracker that does not answer the stopped event) continues in the background; if it
/// fails there, the log has the reason. Commands for a torrent keep their order (<see cref="CommandOrder"/>).
/// </summary>
internal sealed class Actions(DaemonParts parts)
{
    private readonly Turnstile _bulks = new(Bounds.MaxBulkRequests);

    // What ends torrents has places of its own, so that requests that take long keep nobody from ending them.
    private readonly Turnstile _endings = new(Bounds.MaxBulkRequests);

    /// <summary>Runs an action on a torrent, and answers with 204, or with 202 if it continues.</summary>
    public async Task AnswerAsync(HttpContext context, Torrent torrent, CommandKind kind, Func<Torrent, Task> act)
    {
        bool isDone = await RunAsync(torrent, kind, act).ConfigureAwait(false);
        await parts.Catalog.RefreshAsync().ConfigureAwait(false);
        await context.WriteNothingAsync(isDone ? StatusCodes.Status204NoContent : StatusCodes.Status202Accepted).ConfigureAwait(false);
    }

    /// <summary>Returns whether the action was done in time; otherwise it continues. Throws if it failed in time.</summary>
    public Task<bool> RunAsync(Torrent torrent, CommandKind kind, Func<Torrent, Task> act) =>
        RunAsync(parts.Order.Enter([torrent], kind)[0], act);

    private async Task<bool> RunAsync(CommandOrder.Command command, Func<Torrent, Task> act)
    {
        Task acting = command.RunAsync(torrent => ActAsync(torrent, command.Kind, act));
        if (await EndsInTimeAsync(acting).ConfigureAwait(false))
        {
            await acting.ConfigureAwait(false);
            return true;
        }

        _ = ReportAsync(command.Torrent, acting);
        return false;
    }

    /// <summary>Runs an action on many torrents, a few at a time.</summary>
    /// <param name="hashes">The torrents.</param>
    /// <param name="kind">What the action does.</param>
    /// <param name="act">The action.</param>
    public Task<BulkResult> RunAllAsync(IReadOnlyCollection<string> hashes, CommandKind kind, Func<Torrent, Task> act)
    {
        // Whatever a hash names now is meant, and not what it may name when its turn comes.
        (string Hash, Torrent? Torrent)[] named =
        [
            .. hashes.Select(hash => (Hash: hash, Torrent: Exchange.FindTorrent(parts.Session, hash)))
                .DistinctBy(each => (object?)each.Torrent ?? each.Hash),
        ];
        Turnstile places = kind is CommandKind.Stop or CommandKind.Remove or CommandKind.RemoveWithFiles ? _endings : _bulks;
        places.Enter();
        Dictionary<Torrent, CommandOrder.Command> commands = parts.Order
            .Enter(named.Select(each => each.Torrent).OfType<Torrent>(), kind)
            .ToDictionary(command => command.Torrent);
        return TallyAsync(named, Bounds.MaxBulkParallel, torrent => RunAsync(commands[torrent], act), places.Leave);
    }

    /// <summary>Runs an action on torrents one by one, in the given order.</summary>
    /// <param name="hashes">The torrents.</param>
    /// <param name="act">The action.</param>
    /// <param name="whenOver">Called once the action was run on all of them, which may be after the answer.</param>
    public Task<BulkResult> RunInOrderAsync(IReadOnlyCollection<string> hashes, Func<Torrent, Task> act, Action whenOver) => TallyAsync(
        [.. hashes.Select(hash => (hash, Exchange.FindTorrent(parts.Session, hash)))],
        parallel: 1,
        async torrent =>
        {
            await act(torrent).ConfigureAwait(false);
            return true;
        },
        whenOver);

    // One that takes long makes room for the next.
    private async Task<BulkResult> TallyAsync(
        (string Hash, Torrent? Torrent)[] torrents, int parallel, Func<Torrent, Task<bool>> run, Action whenOver)
    {
        BulkTally tally = new(torrents.Length);
        Task running = RunEachAsync();
        if (await EndsInTimeAsync(running).ConfigureAwait(false))
            await running.ConfigureAwait(false);
        else
            _ = ReportAsync(torrent: null, running);
        return tally.Close();

        async Task RunEachAsync()
        {
            ParallelOptions options = new() { MaxDegreeOfParallelism = parallel };
            try
            {
                await Parallel.ForEachAsync(torrents, options, async (each, _) =>
                {
                    if (!parts.Stopping.IsCancellationRequested)
                        await RunOneAsync(each.Hash, each.Torrent, run, tally).ConfigureAwait(false);
                }).ConfigureAwait(false);
            }
            finally
            {
                whenOver();
            }
        }
    }

    private async Task RunOneAsync(string hash, Torrent? torrent, Func<Torrent, Task<bool>> run, BulkTally tally)
    {
        try
        {
            if (torrent is null)
                throw new ApiException(404, "no-such-torrent", $"The session has no torrent {hash}.");
            if (await run(torrent).ConfigureAwait(false))
                tally.OnDone();
        }
#pragma warning disable CA1031 // A bug in one action must not keep the other torrents from theirs.
        catch (Exception e)
#pragma warning restore CA1031
        {
            ApiException refused = ApiException.Of(e) ?? ApiException.Internal;
            bool isAnswered = !tally.TryFail(new BulkFailure { Hash = hash, Code = refused.Code, Detail = refused.Message });
            if (isAnswered || refused == ApiException.Internal)
                Report(torrent?.Name ?? hash, hash, e);
        }
    }

    // An earlier command, or a seed limit, may have removed the torrent; then nothing of this one remains.
    private async Task ActAsync(Torrent torrent, CommandKind kind, Func<Torrent, Task> act)
    {
        RequirePresent(torrent);
        try
        {
            await act(torrent).ConfigureAwait(false);
        }
        catch (ObjectDisposedException) when (!parts.Stopping.IsCancellationRequested)
        {
            throw NotThere(torrent);
        }

        // What was done before the torrent was removed is done. Only this one does nothing, and does not say so, if it came too late; and
        // what is removed is stopped as well.
        if (kind is CommandKind.Reannounce)
            RequirePresent(torrent);
    }

    private void RequirePresent(Torrent torrent)
    {
        if (parts.Session.Find(torrent.InfoHash) != torrent)
            throw NotThere(torrent);
    }

    private static ApiException NotThere(Torrent torrent) =>
        new(404, "no-such-torrent", $"The session has no torrent {torrent.InfoHash} any more.");

    private async Task<bool> EndsInTimeAsync(Task task)
    {
        await task.WaitAsync(parts.Options.ActionPatience, parts.Stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return task.IsCompleted;
    }

    private async Task ReportAsync(Torrent? torrent, Task acting)
    {
        await acting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (acting.Exception?.InnerException is { } e)
            Report(torrent?.Name ?? "A change of many torrents", torrent?.InfoHash.ToString(), e);
    }

    private void Report(string name, string? hash, Exception e)
    {
        if (e is ApiException { Code: "cancelled" or "superseded" } overtaken)
            parts.Log.Add(LogLevelCode.Info, overtaken.Code, $"{name}: {e.Message}", hash);
        else
            parts.Log.Add(LogLevelCode.Error, "warning", $"{name}: {(ApiException.Of(e) is null ? e : e.Message)}", hash);
    }
}
