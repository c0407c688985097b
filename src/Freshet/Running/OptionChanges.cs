using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using Freshet.Core.Rates;

namespace Freshet.Running;

/// <summary>
/// Changes a torrent's options. A change is made of the options that hold on the loop at that moment, so that none is lost when several are
/// made at once, or while files are moved.
/// </summary>
/// <param name="actor">The torrent.</param>
/// <param name="claiming">Checks whether other files can be selected.</param>
/// <param name="completing">Prepares other files.</param>
/// <param name="ending">Names a disk that does not respond.</param>
/// <param name="patience">How long to wait for the disk.</param>
internal sealed class OptionChanges(
    TorrentActor actor, Claiming claiming, Completing completing, RunEnding ending, DiskPatience patience)
{
    // Selections of files that wait for their turn, and what the last of them selects. A change that is made meanwhile is compared with
    // that.
    private int _inTurn;
    private ImmutableArray<FilePriority> _selected;

    /// <summary>Checks new options.</summary>
    /// <exception cref="ArgumentException">One is out of range, or cannot be changed.</exception>
    public static void Validate(TorrentOptions present, TorrentOptions options)
    {
        options.Validate();
        if (options.DownloadFolder != present.DownloadFolder)
            throw new ArgumentException("The download folder of a torrent that was added cannot be changed.", nameof(options));
        if (options.IncompleteFolder != present.IncompleteFolder)
            throw new ArgumentException("The folder for incomplete files cannot be changed once a torrent is added.", nameof(options));
        if (options.PortableNames != present.PortableNames)
            throw new ArgumentException("The rules for names of a torrent that was added cannot be changed.", nameof(options));
    }

    /// <summary>
    /// Changes the options now, unless other files are selected. False if the change must be made in the torrent's turn.
    /// </summary>
    /// <exception cref="ArgumentException">The new options are invalid.</exception>
    public async Task<bool> TryApplyNowAsync(Func<TorrentOptions, TorrentOptions> change)
    {
        bool isDone = false;
        await OnLoopAsync(now =>
        {
            TorrentOptions present = actor.Options;
            ImmutableArray<FilePriority> selected = Volatile.Read(ref _inTurn) > 0 ? _selected : present.FilePriorities;
            TorrentOptions options = Changed(present with { FilePriorities = selected }, change);
            isDone = options.FilePriorities.SequenceEqual(selected);
            if (isDone)
            {
                actor.TakeOver(options with { FilePriorities = present.FilePriorities }, now);
                return;
            }

            _selected = options.FilePriorities;
            Interlocked.Increment(ref _inTurn);
        }).ConfigureAwait(false);
        return isDone;
    }

    /// <summary>
    /// Changes the options and with them the selection of files, in the torrent's turn, after <see cref="TryApplyNowAsync"/> could not.
    /// </summary>
    /// <param name="change">The change.</param>
    /// <param name="store">The data of a torrent that runs; null otherwise.</param>
    /// <exception cref="ArgumentException">The new options are invalid.</exception>
    /// <exception cref="FreshetException">
    /// Other files cannot be selected, or the torrent was stopped because its disk does not respond.
    /// </exception>
    public async Task ApplyInTurnAsync(Func<TorrentOptions, TorrentOptions> change, TorrentStore? store)
    {
        try
        {
            await SelectFilesAsync(change, store).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _inTurn);
        }
    }

    private async Task SelectFilesAsync(Func<TorrentOptions, TorrentOptions> change, TorrentStore? store)
    {
        CancellationToken givenUp = patience.Token;
        try
        {
            if (store is not null)
            {
                TorrentOptions wanted = actor.Options;
                await OnLoopAsync(_ => wanted = Changed(actor.Options, change)).ConfigureAwait(false);
                await claiming.CheckAsync(store, wanted, givenUp).ConfigureAwait(false);
            }

            await OnLoopAsync(now => actor.TakeOver(Changed(actor.Options, change), now)).ConfigureAwait(false);
            if (store is not null)
                await completing.SelectMoreAsync(store, givenUp).ConfigureAwait(false);
        }
        catch (OperationCanceledException e)
        {
            throw new FreshetException(
                FreshetError.Storage, $"{ending.HungDisk} did not answer, and the torrent was stopped. Look which files are selected.", e);
        }
    }

    // What the change throws is for its caller, and no fault of the torrent.
    private async Task OnLoopAsync(Action<Timestamp> action)
    {
        ExceptionDispatchInfo? thrown = null;
        await actor.OnLoopAsync(now =>
        {
            try
            {
                action(now);
            }
#pragma warning disable CA1031 // It is rethrown to the caller.
            catch (Exception e)
#pragma warning restore CA1031
            {
                thrown = ExceptionDispatchInfo.Capture(e);
            }
        }).ConfigureAwait(false);
        thrown?.Throw();
    }

    private static TorrentOptions Changed(TorrentOptions present, Func<TorrentOptions, TorrentOptions> change)
    {
        TorrentOptions options = change(present) ?? throw new ArgumentException("The change gives no options.", nameof(change));
        Validate(present, options);
        return options;
    }
}
