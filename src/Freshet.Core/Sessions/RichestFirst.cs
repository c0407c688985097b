namespace Freshet.Core.Sessions;

/// <summary>
/// Finds the torrent with the most connections. Torrents with equally many form a list, so that updates and queries take constant time for
/// ten torrents as for ten thousand: a full session queries it for every incoming connection.
/// </summary>
internal sealed class RichestFirst
{
    // Indexed by number of connections. Torrents without any are in no list.
    private readonly List<Competitor?> _first = [];

    /// <summary>The torrent with the most connections; null if none has any.</summary>
    public Competitor? Richest
    {
        get
        {
            // Amortized: each step down was paid for by the connection that led up.
            while (_first.Count > 0 && _first[^1] is null)
                _first.RemoveAt(_first.Count - 1);
            return _first.Count > 0 ? _first[^1] : null;
        }
    }

    /// <summary>The torrent's number of connections may have changed.</summary>
    public void Update(Competitor torrent) => Move(torrent, torrent.Remaining);

    /// <summary>The torrent is gone.</summary>
    public void Remove(Competitor torrent) => Move(torrent, 0);

    private void Move(Competitor torrent, int connections)
    {
        (Competitor? before, Competitor? after, int listed) = torrent.Rank;
        if (listed == connections)
            return;
        if (after is not null)
            after.Rank = after.Rank with { Before = before };
        if (before is not null)
            before.Rank = before.Rank with { After = after };
        else if (listed > 0)
            _first[listed] = after;
        torrent.Rank = default;
        if (connections <= 0)
            return;
        while (_first.Count <= connections)
            _first.Add(null);
        Competitor? first = _first[connections];
        if (first is not null)
            first.Rank = first.Rank with { Before = torrent };
        torrent.Rank = (null, first, connections);
        _first[connections] = torrent;
    }
}
