using Freshet.Core.Torrents;

namespace Freshet.Core.Sessions;

/// <summary>
/// Whose turn it is to be checked: the first of a queue, so many at once. To join and to leave costs the same however many wait, and all of
/// a session's torrents may, after a crash.
/// </summary>
internal sealed class CheckTurns
{
    // Those whose turn it is are always at its head.
    private readonly LinkedList<Competitor> _queue = [];

    /// <summary>A torrent waits for its turn, behind all others; if it does already, it keeps its place.</summary>
    public void Join(Competitor torrent) => torrent.CheckPlace ??= _queue.AddLast(torrent);

    /// <summary>A torrent needs no turn any more.</summary>
    public void Leave(Competitor torrent)
    {
        if (torrent.CheckPlace is { } place)
            _queue.Remove(place);
        torrent.CheckPlace = null;
        torrent.MayCheck = false;
        torrent.WaitsForCheck = null;
    }

    /// <summary>Says of each torrent whether it is its turn.</summary>
    /// <param name="turns">How many may be checked at once.</param>
    public void Serve(int turns)
    {
        LinkedListNode<Competitor>? next = _queue.First;
        for (int served = 0; next is not null && served < turns; served++)
        {
            next.Value.MayCheck = true;
            next.Value.WaitsForCheck = null;
            next = next.Next;
        }

        // If there were more turns before, those behind lose theirs.
        for (int behind = 0; next is not null; behind++, next = next.Next)
        {
            int told = QueuePlace.Settle(next.Value.WaitsForCheck?.Behind ?? 0, behind);
            next.Value.MayCheck = false;
            next.Value.WaitsForCheck = new QueuePlace(told, turns, QueueLimit.Checks);
        }
    }
}
