using Freshet.Core.Peers;
using Freshet.Core.Torrents;

namespace Freshet.Core.Sessions;

/// <summary>A torrent as its session sees it: what it wants, what it has.</summary>
internal sealed class Competitor(TorrentKey key)
{
    public TorrentKey Key { get; } = key;

    public TorrentDemand Demand { get; set; }

    /// <summary>What it was last told: at first nothing that would keep it from being told.</summary>
    public Allotment Told { get; set; } = new() { Waits = QueuePlace.Unknown };

    /// <summary>Its place among all torrents of the session: those with smaller numbers come before it.</summary>
    public long Position { get; set; }

    /// <summary>Those among which it has turns at being active; null if it wants none.</summary>
    public SortedSet<Competitor>? Queue { get; set; }

    /// <summary>Where it waits for its turn at being active; null if it does not. Computed when all is divided.</summary>
    public QueuePlace? Waits { get; set; }

    /// <summary>The blocks of payload that it could hold.</summary>
    public int WantedBlocks { get; set; }

    /// <summary>The networks of its connections, those counted that it was told to end.</summary>
    public List<Origin> Networks { get; } = [];

    public int Connections => Networks.Count;

    /// <summary>Connections that it was told to end and that are still there.</summary>
    public int Ending { get; set; }

    /// <summary>Connections it will have.</summary>
    public int Remaining => Connections - Ending;

    /// <summary>Dials within its share of the connections. Computed when all is divided.</summary>
    public int WantedDials { get; set; }

    /// <summary>Whether it may have one dial more than all have; see <see cref="DialTurns"/>.</summary>
    public bool HasDialTurn { get; set; }

    /// <summary>Its place in the queue of those to be checked; null if it is not in it.</summary>
    public LinkedListNode<Competitor>? CheckPlace { get; set; }

    /// <summary>Whether it is among the first of that queue. Computed when all is divided.</summary>
    public bool MayCheck { get; set; }

    /// <summary>Where it stands in that queue; null if it is not in it, or its turn has come. Computed when all is divided.</summary>
    public QueuePlace? WaitsForCheck { get; set; }

    /// <summary>Its place among those that are looked at; -1 if it is not.</summary>
    public int Place { get; set; } = -1;

    /// <summary>Its neighbours among those with as many connections, and how many that is; see <see cref="RichestFirst"/>.</summary>
    public (Competitor? Before, Competitor? After, int Connections) Rank { get; set; }

    /// <summary>Whether it uses or wants anything of what is shared; the others are not looked at.</summary>
    public bool IsActive => Demand != default || Connections > 0 || Told != default || WantedBlocks > 0;
}
