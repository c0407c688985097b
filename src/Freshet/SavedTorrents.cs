using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;
using Freshet.Persistence;
using Freshet.Running;

namespace Freshet;

/// <summary>Lists and changes what a state folder has recorded, without a session.</summary>
public static class SavedTorrents
{
    /// <summary>Reads the records of a state folder, in the order of the session's torrents. A session may be using the folder.</summary>
    /// <param name="stateFolder">
    /// The folder, as in <see cref="SessionOptions.StateFolder"/>. One that does not exist has no records.
    /// </param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="FreshetException">The folder cannot be read.</exception>
    public static Task<IReadOnlyList<SavedTorrent>> ReadAsync(string stateFolder, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(stateFolder);
        return Task.Run<IReadOnlyList<SavedTorrent>>(() => Read(stateFolder, cancellationToken), cancellationToken);
    }

    /// <summary>Deletes the record of a torrent. Its files are kept.</summary>
    /// <param name="stateFolder">The folder, as in <see cref="SessionOptions.StateFolder"/>.</param>
    /// <param name="infoHash">The torrent's info-hash.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>Whether there was a record.</returns>
    /// <exception cref="FreshetException">A session is using the folder or the torrent, or a file cannot be deleted.</exception>
    public static Task<bool> ForgetAsync(string stateFolder, InfoHash infoHash, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(stateFolder);
        return Task.Run(() => Forget(stateFolder, infoHash), cancellationToken);
    }

    /// <summary>
    /// Moves the files of a torrent that no session is using, and records the new place; see <see cref="Torrent.MoveAsync"/>.
    /// </summary>
    /// <param name="stateFolder">The folder, as in <see cref="SessionOptions.StateFolder"/>.</param>
    /// <param name="infoHash">The torrent's info-hash.</param>
    /// <param name="folder">The folder that will hold the torrent's file or folder.</param>
    /// <param name="progress">Receives the progress from time to time.</param>
    /// <param name="cancellationToken">Cancels the move and undoes what was done.</param>
    /// <exception cref="FreshetException">
    /// A session is using the folder or the torrent (<see cref="FreshetError.Locked"/>), a destination exists already
    /// (<see cref="FreshetError.FileExists"/>), another torrent of the state folder uses one of the files
    /// (<see cref="FreshetError.PathInUse"/>), or a disk fails or is full (<see cref="FreshetError.Storage"/>).
    /// </exception>
    public static async Task MoveAsync(
        string stateFolder, InfoHash infoHash, string folder, IProgress<MoveProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(stateFolder);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        SavedData saved = await SavedData.OpenAsync(stateFolder, infoHash, cancellationToken).ConfigureAwait(false);
        await using (saved.ConfigureAwait(false))
            await saved.MoveAsync(folder, progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Reads and hashes the data on disk of a torrent that no session is using, and records the result for the next session.
    /// </summary>
    /// <param name="stateFolder">The folder, as in <see cref="SessionOptions.StateFolder"/>.</param>
    /// <param name="infoHash">The torrent's info-hash.</param>
    /// <param name="progress">Receives the part that is done, 0 to 1, after each piece, one call at a time.</param>
    /// <param name="cancellationToken">Cancels the check; the previous record stays.</param>
    /// <returns>The verified pieces.</returns>
    /// <exception cref="FreshetException">
    /// A session is using the folder or the torrent (<see cref="FreshetError.Locked"/>), or a disk fails
    /// (<see cref="FreshetError.Storage"/>).
    /// </exception>
    public static async Task<Bitfield> RecheckAsync(
        string stateFolder, InfoHash infoHash, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(stateFolder);
        SavedData saved = await SavedData.OpenAsync(stateFolder, infoHash, cancellationToken).ConfigureAwait(false);
        await using (saved.ConfigureAwait(false))
            return await saved.RecheckAsync(progress, cancellationToken).ConfigureAwait(false);
    }

    private static List<SavedTorrent> Read(string stateFolder, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(stateFolder))
            return [];
        using StateFolder state = new(stateFolder, isOnlyRead: true);
        List<(long Position, SavedTorrent Torrent)> found = [];
        foreach (KeptTorrent kept in List(state, stateFolder))
        {
            cancellationToken.ThrowIfCancellationRequested();
            found.Add(Read(state, kept));
        }

        return [.. found.OrderBy(item => item.Position).ThenBy(item => item.Torrent.AddedAt).Select(item => item.Torrent)];
    }

    private static IReadOnlyCollection<KeptTorrent> List(StateFolder state, string stateFolder)
    {
        try
        {
            return state.List();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FreshetException(
                FreshetError.Storage, $"The state folder {stateFolder} cannot be read: {e.Message.TrimEnd('.')}.", e);
        }
    }

    private static (long Position, SavedTorrent Torrent) Read(StateFolder state, KeptTorrent kept)
    {
        (MagnetLink? link, string? warning) = kept.HasLink ? state.LoadLink(kept.InfoHash) : (null, null);
        TorrentMetainfo? metainfo = null;
        try
        {
            if (kept.HasTorrent)
                metainfo = state.TorrentOf(kept.InfoHash).Read();
        }
        catch (FreshetException e)
        {
            warning = warning is null ? e.Message : $"{warning} {e.Message}";
        }

        if (metainfo is null && link is null)
            return (long.MaxValue, new SavedTorrent { InfoHash = kept.InfoHash, Warning = warning });
        (TorrentRecord? record, string? lost) = LoadRecord(state, kept.InfoHash, metainfo);
        SavedTorrent torrent = new()
        {
            InfoHash = kept.InfoHash,
            Name = metainfo?.Name ?? link!.DisplayName ?? kept.InfoHash.ToString(),
            HasMetadata = metainfo is not null,
            Size = new(metainfo?.Layout.TotalLength ?? 0),
            PieceCount = metainfo?.Layout.PieceCount ?? 0,
            Warning = warning is null ? lost : lost is null ? warning : $"{warning} {lost}",
        };
        if (record is null)
            return (long.MaxValue, torrent);
        return (record.Position, torrent with
        {
            Folder = record.Folder,
            VerifiedPieces = record.Data?.Have.Count,
            AddedAt = record.AddedAt == DateTimeOffset.UnixEpoch ? null : record.AddedAt,
            CompletedAt = record.CompletedAt,
            Totals = record.Totals,
            Options = record.Options,
        });
    }

    private static (TorrentRecord? Record, string? Lost) LoadRecord(StateFolder state, InfoHash infoHash, TorrentMetainfo? metainfo)
    {
        try
        {
            return state.LoadResume(infoHash, metainfo);
        }
        catch (FreshetException e)
        {
            return (null, e.Message);
        }
    }

    private static bool Forget(string stateFolder, InfoHash infoHash)
    {
        if (!Directory.Exists(stateFolder))
            return false;
        using StateFolder state = new(stateFolder);
        state.Lock(isShared: true);
        if (!List(state, stateFolder).Any(kept => kept.InfoHash == infoHash))
            return false;

        // No torrent stores its files in the state folder itself, so a claim on that folder conflicts with nothing and keeps no record.
        using TorrentClaim claim = state.Claim(infoHash, Path.GetFullPath(stateFolder));
        if (!claim.KeepsRecord)
            throw new FreshetException(FreshetError.Locked, $"Another process is at work on torrent {infoHash}. Stop it first.");
        try
        {
            state.Forget(infoHash);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FreshetException(FreshetError.Storage, $"Torrent {infoHash} cannot be forgotten: {e.Message.TrimEnd('.')}.", e);
        }
    }
}
