using Freshet.Core.Torrents;

namespace Freshet.Core.Sessions;

/// <summary>
/// Decides which torrents may be checked: the first ones of a queue, up to a limit. Joining and leaving take constant time, since all
/// torrents of a session may be queued after a crash.
/// </summary>
internal sealed class CheckTurns
{
    // Torrents that may check are always at the head.
    private readonly LinkedList<Competitor> _queue = [];

    /// <summary>Adds a torrent at the end of the queue; if it is queued already, it keeps its place.</summary>
    public void Join(Competitor torrent) => torrent.CheckPlace ??= _queue.AddLast(torrent);

    /// <summary>Removes a torrent that no longer needs a check.</summary>
    public void Leave(Competitor torrent)
    {
        if (torrent.CheckPlace is { } place)
            _queue.Remove(place);
        torrent.CheckPlace = null;
        torrent.MayCheck = false;
        torrent.WaitsForCheck = null;
    }

    /// <summary>Updates for each torrent whether it may check.</summary>
    /// <param name="turns">How many torrents may be checked at once.</param>
    public void Serve(int turns)
    {
        LinkedListNode<Competitor>? next = _queue.First;
        for (int served = 0; next is not null && served < turns; served++)
        {
            next.Value.MayCheck = true;
            next.Value.WaitsForCheck = null;
            next = next.Next;
        }

        // If more could be checked before, the ones further back lose their turn.
        for (int behind = 0; next is not null; behind++, next = next.Next)
        {
            int reported = QueuePlace.ToReport(next.Value.WaitsForCheck?.Behind ?? 0, behind);
            next.Value.MayCheck = false;
            next.Value.WaitsForCheck = new QueuePlace(reported, turns, QueueLimit.Checks);
        }
    }
}
