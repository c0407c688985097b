using System.Runtime.InteropServices;

namespace Freshet.Core.Sessions;

/// <summary>
/// Who gets the dials that are left over when all have equally many and too few for one more each: one torrent after the other, for one
/// dial. The dial counts until its torrent says that it ended; only then is it the turn of another, so that there are never more under way
/// than allowed.
/// </summary>
internal sealed class DialTurns
{
    // Where among those that are looked at the next turn is.
    private int _next;

    /// <summary>Says of each torrent whether it has one dial more than all have.</summary>
    /// <param name="torrents">All that are looked at.</param>
    /// <param name="level">The dials that each may have if it wants so many.</param>
    /// <param name="rest">How many there are beyond those.</param>
    public void Serve(List<Competitor> torrents, int level, int rest)
    {
        ReadOnlySpan<Competitor> all = CollectionsMarshal.AsSpan(torrents);
        foreach (Competitor torrent in all)
            rest -= Math.Max(0, torrent.Demand.Dialling - Math.Min(torrent.WantedDials, level));
        foreach (Competitor torrent in all)
        {
            // Who uses its dial has had its turn; who was given one and did not use it yet keeps it.
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
