using Freshet.Api;
using Freshet.Core.Sessions;
using Freshet.Daemon.Http;
using Freshet.Daemon.Running;
using Microsoft.AspNetCore.Http;

namespace Freshet.Daemon.Endpoints;

/// <summary>The queue positions of torrents.</summary>
internal sealed class QueueEndpoints(DaemonParts parts)
{
    public IEnumerable<Operation> Operations =>
    [
        new("POST", "/api/v1/torrents/{hash}/queue", "moveInQueue", "Gives a torrent another place in the queue.", MoveAsync)
        {
            Request = JsonContext.Default.QueueRequest,
            Status = StatusCodes.Status204NoContent,
            Errors = [(404, "no-such-torrent")],
        },
    ];

    /// <summary>The queue move of an action; null if it is another action.</summary>
    public static QueueMove? MoveOf(BulkAction action) => action switch
    {
        BulkAction.QueueTop => QueueMove.Top,
        BulkAction.QueueUp => QueueMove.Up,
        BulkAction.QueueDown => QueueMove.Down,
        BulkAction.QueueBottom => QueueMove.Bottom,
        _ => null,
    };

    /// <summary>The order in which torrents must be moved one by one to keep their order among themselves.</summary>
    public static IEnumerable<string> Ordered(IEnumerable<string> hashes, QueueMove move, Session session)
    {
        Dictionary<Torrent, int> places = session.Torrents.Select((torrent, place) => (torrent, place))
            .ToDictionary(pair => pair.torrent, pair => pair.place);
        IEnumerable<string> first = hashes.OrderBy(hash =>
            Exchange.FindTorrent(session, hash) is { } torrent && places.TryGetValue(torrent, out int place) ? place : int.MaxValue);
        return move is QueueMove.Top or QueueMove.Down ? first.Reverse() : first;
    }

    /// <summary>
    /// Those that stay where they are when all are moved up, or down: they are the first, or the last, of their kind already. If one of
    /// them were moved, it would change places with the next.
    /// </summary>
    public static HashSet<Torrent> Staying(IEnumerable<string> hashes, QueueMove move, Session session)
    {
        HashSet<Torrent> staying = [];
        if (move is not (QueueMove.Up or QueueMove.Down))
            return staying;
        HashSet<Torrent> chosen = [.. hashes.Select(hash => Exchange.FindTorrent(session, hash)).OfType<Torrent>()];
        HashSet<bool> passed = [];
        foreach (Torrent torrent in move is QueueMove.Up ? session.Torrents : session.Torrents.Reverse())
        {
            bool isComplete = torrent.Status is { PieceCount: > 0, Left.Bytes: 0 };
            if (!chosen.Contains(torrent))
                passed.Add(isComplete);
            else if (!passed.Contains(isComplete))
                staying.Add(torrent);
        }

        return staying;
    }

    private async Task MoveAsync(HttpContext context)
    {
        Torrent torrent = context.TorrentOf(parts.Session);
        QueueRequest request = await context.ReadAsync(JsonContext.Default.QueueRequest).ConfigureAwait(false);
        using (await parts.QueueTurns.EnterAsync(context.RequestAborted).ConfigureAwait(false))
            await parts.Session.MoveAsync(torrent, MoveOf(request.Move), context.RequestAborted).ConfigureAwait(false);
        await parts.Catalog.RefreshAsync().ConfigureAwait(false);
        await context.WriteNothingAsync().ConfigureAwait(false);
    }

    private static QueueMove MoveOf(QueueMoveCode code) => code switch
    {
        QueueMoveCode.Top => QueueMove.Top,
        QueueMoveCode.Up => QueueMove.Up,
        QueueMoveCode.Down => QueueMove.Down,
        _ => QueueMove.Bottom,
    };
}
