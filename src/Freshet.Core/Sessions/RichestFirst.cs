namespace Freshet.Core.Sessions;

/// <summary>
/// Knows which torrent has most connections. Torrents with equally many form a list, so that a change of one and the question for the
/// richest cost the same with ten torrents and with ten thousand: a full session asks at every newcomer.
/// </summary>
internal sealed class RichestFirst
{
    // By number of connections. Those with none are in no list.
    private readonly List<Competitor?> _first = [];

    /// <summary>The torrent that has most connections; null if none has any.</summary>
    public Competitor? Richest
    {
        get
        {
            // Each step down was paid for by the connection that led up.
            while (_first.Count > 0 && _first[^1] is null)
                _first.RemoveAt(_first.Count - 1);
            return _first.Count > 0 ? _first[^1] : null;
        }
    }

    /// <summary>Its connections may have become more or fewer.</summary>
    public void Update(Competitor torrent) => Move(torrent, torrent.Remaining);

    /// <summary>It is gone.</summary>
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
