using Freshet.Core.Torrents;
using Freshet.Persistence;

namespace Freshet.Running;

/// <summary>Stops or removes torrents that have reached their seed limit, in the background.</summary>
/// <param name="remove">Removes a torrent from the session.</param>
internal sealed class SeedEnds(Func<Torrent, RemoveMode, Task> remove)
{
    public void End(TorrentActor actor, SeedLimit limit, SeedEnd then) => _ = Task.Run(() => EndAsync(actor, limit, then));

    private async Task EndAsync(TorrentActor actor, SeedLimit limit, SeedEnd then)
    {
        try
        {
            await (then switch
            {
                SeedEnd.Remove => remove(actor.Handle, RemoveMode.KeepFiles),
                SeedEnd.RemoveWithFiles => remove(actor.Handle, RemoveMode.DeleteFiles),
                _ => StopAsync(actor, limit),
            }).ConfigureAwait(false);
        }
        catch (Exception e) when (e is FreshetException or IOException or UnauthorizedAccessException or ObjectDisposedException
            or ArgumentException)
        {
            // The torrent was removed in the meantime, its session ended, or its record could not be written or deleted: it has stopped,
            // and a later session reaches the limit again.
            if (e is not ObjectDisposedException)
                actor.Warn($"It has seeded enough, and its end could not be recorded: {e.Message}");
        }
    }

    // Noted after the stop, since a record of a torrent that runs has no such limit; and not if it was started again meanwhile.
    private static async Task StopAsync(TorrentActor actor, SeedLimit limit)
    {
        await actor.StopAsync().ConfigureAwait(false);
        await actor.NoteAsync(record => record.Run == RunState.Stopped ? record with { SeedLimit = limit } : record)
            .ConfigureAwait(false);
    }
}
