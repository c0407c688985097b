using Freshet.Core.Torrents;
using Freshet.Diagnostics;

namespace Freshet.Running;

/// <summary>Stops or removes torrents that have reached their seed limit, in the background.</summary>
/// <param name="services">The session's services.</param>
/// <param name="remove">Removes a torrent from the session.</param>
internal sealed class SeedEnds(SessionServices services, Func<Torrent, RemoveMode, Task> remove)
{
    public void End(TorrentActor actor, SeedEnd then) => _ = Task.Run(() => EndAsync(actor, then));

    private async Task EndAsync(TorrentActor actor, SeedEnd then)
    {
        try
        {
            await (then switch
            {
                SeedEnd.Remove => remove(actor.Handle, RemoveMode.KeepFiles),
                SeedEnd.RemoveWithFiles => remove(actor.Handle, RemoveMode.DeleteFiles),
                _ => actor.StopAsync(),
            }).ConfigureAwait(false);
        }
        catch (Exception e) when (e is FreshetException or ObjectDisposedException or ArgumentException)
        {
            // The torrent was removed in the meantime, its session ended, or its record could not be deleted.
            Log.SessionWarning(services.Logger, $"{actor.Name} has seeded enough, and could not be ended: {e.Message}");
        }
    }
}
