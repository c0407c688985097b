using Freshet.Core.Pieces;
using Freshet.Core.Torrents;

namespace Freshet.Running;

/// <summary>
/// The right to write a torrent's files: it is taken when something is missing, unless another session holds it or existing files would be
/// overwritten.
/// </summary>
internal sealed class Claiming(
    TorrentTable torrents, TorrentActor actor, RunningParts parts, Recording recording, Relocation relocation)
{
    /// <summary>Takes the right to write, at the machine's request, and grants it to the machine.</summary>
    /// <param name="store">The torrent's data.</param>
    /// <param name="givenUp">Cancelled when a disk that does not respond is given up.</param>
    /// <returns>
    /// Null on success, or while the disk does not let us; otherwise the reason: another torrent or session holds the right, or files that
    /// existed before the torrent differ from it (<see cref="FreshetError.FileExists"/>).
    /// </returns>
    public async Task<FreshetException?> TryTakeAsync(TorrentStore store, CancellationToken givenUp)
    {
        try
        {
            relocation.TakePlaceToWrite();
            if (await store.ClaimAsync(givenUp).ConfigureAwait(false) is { } trouble)
            {
                // The machine asks again when the disk lets us take it.
                DiskFailure failure = Translation.ToFailure(trouble, DiskOperation.Write, []);
                await actor.OnLoopAsync(now => parts.Machine.OnDataNotClaimed(failure, now)).ConfigureAwait(false);
                return null;
            }

            await CheckAsync(store, actor.Options, givenUp).ConfigureAwait(false);
            await KeepOutAsync(store, givenUp).ConfigureAwait(false);
            await recording.BeginWritingAsync().ConfigureAwait(false);
            await actor.OnLoopAsync(parts.Machine.OnDataClaimed).ConfigureAwait(false);
            return null;
        }
        catch (OperationCanceledException)
        {
            // The torrent is about to be stopped.
            return null;
        }
        catch (FreshetException e)
        {
            return e;
        }
    }

    /// <summary>Checks that the missing data can be written without overwriting files of others.</summary>
    /// <exception cref="FreshetException">It cannot.</exception>
    public async Task CheckAsync(TorrentStore store, TorrentOptions options, CancellationToken givenUp)
    {
        relocation.RequirePlace();
        if (parts.Memory.Record.Found.IsDefaultOrEmpty)
            return;
        IReadOnlySet<int> shared = SharedFiles.IndicesOf(torrents, actor);
        Bitfield have = await GetHaveAsync().ConfigureAwait(false);
        string? objection = await store.RunAsync(
            () => store.Found.FindObjection(have, options, shared), givenUp).ConfigureAwait(false);
        if (objection is not null)
            throw new FreshetException(FreshetError.FileExists, objection);
    }

    // A file that is not wanted, and is not the torrent's own, must not be written: what it shares with wanted files goes to the part file.
    private async Task KeepOutAsync(TorrentStore store, CancellationToken givenUp)
    {
        if (parts.Memory.Record.Found.IsDefaultOrEmpty)
            return;
        IReadOnlySet<int> untouched = store.Found.FindUntouched(await GetHaveAsync().ConfigureAwait(false), actor.Options);
        if (untouched.Count > 0 && await store.RunAsync(() => store.KeepOut(untouched), givenUp).ConfigureAwait(false) is { } trouble)
            throw new FreshetException(FreshetError.Storage, trouble.Message);
    }

    private async Task<Bitfield> GetHaveAsync()
    {
        Bitfield have = new(0);
        await actor.OnLoopAsync(_ => have = parts.Machine.Have.Clone()).ConfigureAwait(false);
        return have;
    }
}
