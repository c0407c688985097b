namespace Freshet.Running;

/// <summary>
/// Brings a complete torrent from its folder for incomplete files to its folder for complete ones. A folder that does not take the files is
/// tried once a start: the torrent stays where it is, and seeds.
/// </summary>
/// <param name="actor">The torrent.</param>
/// <param name="relocation">Knows the folder.</param>
/// <param name="changes">The sequence in which the files are moved.</param>
/// <param name="isRunning">Whether the torrent runs, in its turn.</param>
/// <param name="move">Moves a running torrent, in its turn, and starts it again, which completes it again.</param>
internal sealed class Bringing(
    TorrentActor actor, Relocation relocation, OneAtATime changes, Func<bool> isRunning, Func<string, Task> move)
{
    private volatile string? _tried;

    /// <summary>In its turn: the torrent is started by its user, and its folder may take the files now.</summary>
    public void OnStarting() => _tried = null;

    /// <summary>Moves the files. Returns whether the following run completes the torrent; false if they stay.</summary>
    public async Task<bool> TryAsync()
    {
        if (relocation.FinishedFolder is not { } folder || folder == _tried)
            return false;
        try
        {
            await changes.RunAsync(() => isRunning() ? BringAsync(folder) : Task.CompletedTask).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            // The torrent is about to be stopped. Its next start continues the move.
            return true;
        }
        catch (FreshetException e)
        {
            actor.Warn($"The torrent is complete, and stays in {actor.Folder}. {e.Message} Its next start tries again.");
            return !isRunning();
        }
    }

    private async Task BringAsync(string folder)
    {
        // A move that fails starts the torrent again, which must not move it again.
        _tried = folder;
        await move(folder).ConfigureAwait(false);
        _tried = null;
    }
}
