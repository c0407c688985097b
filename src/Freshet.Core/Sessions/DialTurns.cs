using System.Runtime.InteropServices;

namespace Freshet.Core.Sessions;

/// <summary>
/// Assigns the dials that remain after all torrents got equally many, when there are too few for one more each: one torrent after the other
/// gets one. The dial counts until its torrent reports that it ended; only then does another torrent get it, so that the number of dials
/// never exceeds the limit.
/// </summary>
internal sealed class DialTurns
{
    // The index, among the active torrents, of the next turn.
    private int _next;

    /// <summary>Updates for each torrent whether it has one dial more than the others.</summary>
    /// <param name="torrents">All active torrents.</param>
    /// <param name="level">The number of dials that every torrent may have if it wants them.</param>
    /// <param name="rest">The number of dials beyond those.</param>
    public void Serve(List<Competitor> torrents, int level, int rest)
    {
        ReadOnlySpan<Competitor> all = CollectionsMarshal.AsSpan(torrents);
        foreach (Competitor torrent in all)
            rest -= Math.Max(0, torrent.Demand.Dialling - Math.Min(torrent.WantedDials, level));
        foreach (Competitor torrent in all)
        {
            // A torrent that uses its extra dial has had its turn; one that has not used it yet keeps it.
            torrent.HasDialTurn = torrent.HasDialTurn && rest > 0 && MayHaveTurn(torrent, level);
            rest -= torrent.HasDialTurn ? 1 : 0;
        }

        int from = _next;
        for (int i = 0; i < all.Length && rest > 0; i++)
        {
            int place = (from + i) % all.Length;
            Competitor torrent = all[place];
            if (torrent.HasDialTurn || !MayHaveTurn(torrent, level))
                continue;
            torrent.HasDialTurn = true;
            rest--;
            _next = (place + 1) % all.Length;
        }
    }

    private static bool MayHaveTurn(Competitor torrent, int level) => torrent.WantedDials > level && torrent.Demand.Dialling <= level;
}
