using Freshet.Core.Sessions;
using Freshet.Persistence;

namespace Freshet.Running;

/// <summary>Moves torrents within their session's order, one move at a time; the order is kept in the state folder.</summary>
internal sealed class QueuePlacing(TorrentTable torrents)
{
    private readonly OneAtATime _moves = new();

    /// <summary>Records a torrent's position, and applies it in the competition.</summary>
    /// <exception cref="FreshetException">The position cannot be recorded. The torrent stays where it was.</exception>
    public static async Task PlaceAsync(SessionServices services, TorrentMemory memory, TorrentKey key, long position)
    {
        try
        {
            await memory.NoteAsync(record => record with { Position = position }).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FreshetException(
                FreshetError.Storage, $"The torrent's place cannot be recorded: {e.Message.TrimEnd('.')}. {StateTrouble.WhatToDo}", e);
        }

        services.Competition.Place(key, position);
    }

    /// <summary>Moves a torrent.</summary>
    /// <exception cref="ArgumentException">The torrent is not in the session.</exception>
    /// <exception cref="FreshetException">The new order cannot be recorded.</exception>
    public Task MoveAsync(Torrent torrent, QueueMove move) => _moves.RunAsync(async () =>
    {
        IReadOnlyList<Torrent> all = torrents.All;
        int index = IndexOf(all, torrent);
        bool[] isComplete = [.. all.Select(static one => one.Status is { PieceCount: > 0, Left.Bytes: 0 })];
        long[] positions = [.. all.Select(static one => one.Actor.Record.Position)];
        int target = QueueOrder.TargetOf(isComplete, index, move);
        try
        {
            // From the last to the first: if one cannot be recorded, those before it are still in order.
            foreach ((int changed, long position) in Enumerable.Reverse(QueueOrder.Move(positions, index, target)))
                await all[changed].Actor.PlaceAsync(position).ConfigureAwait(false);
        }
        finally
        {
            torrents.OnPlaced();
        }
    });

    private static int IndexOf(IReadOnlyList<Torrent> all, Torrent torrent)
    {
        for (int index = 0; index < all.Count; index++)
        {
            if (ReferenceEquals(all[index], torrent))
                return index;
        }

        throw new ArgumentException("The torrent is not in this session.", nameof(torrent));
    }
}
