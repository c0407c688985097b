using Freshet.Core.Peers;
using Freshet.Core.Torrents;

namespace Freshet.Core.Sessions;

/// <summary>A torrent as its session sees it: what it wants and what it has.</summary>
internal sealed class Competitor(TorrentKey key)
{
    public TorrentKey Key { get; } = key;

    public TorrentDemand Demand { get; set; }

    /// <summary>
    /// The allotment that was last sent to it; the initial value differs from every real one, so that the first is always sent.
    /// </summary>
    public Allotment Allotment { get; set; } = new() { Waits = QueuePlace.Unknown };

    /// <summary>Its place in the order of all torrents of the session; smaller numbers come first.</summary>
    public long Position { get; set; }

    /// <summary>The queue in which it competes to be active; null if it does not want to be active.</summary>
    public SortedSet<Competitor>? Queue { get; set; }

    /// <summary>Its place while it waits to become active; null if it does not wait. Computed during each division.</summary>
    public QueuePlace? Waits { get; set; }

    /// <summary>The number of payload blocks that it could hold.</summary>
    public int WantedBlocks { get; set; }

    /// <summary>The networks of its connections, including connections that it has been asked to close.</summary>
    public List<Origin> Networks { get; } = [];

    public int Connections => Networks.Count;

    /// <summary>Connections that it has been asked to close and that still exist.</summary>
    public int Ending { get; set; }

    /// <summary>The number of connections that will remain.</summary>
    public int Remaining => Connections - Ending;

    /// <summary>Dials within its share of the connections. Computed during each division.</summary>
    public int WantedDials { get; set; }

    /// <summary>Whether it may have one dial more than the others; see <see cref="DialTurns"/>.</summary>
    public bool HasDialTurn { get; set; }

    /// <summary>Its place in the queue of torrents to be checked; null if it is not queued.</summary>
    public LinkedListNode<Competitor>? CheckPlace { get; set; }

    /// <summary>Whether it is among the first of that queue. Computed during each division.</summary>
    public bool MayCheck { get; set; }

    /// <summary>Its reported place in that queue; null if it is not queued, or may check. Computed during each division.</summary>
    public QueuePlace? WaitsForCheck { get; set; }

    /// <summary>Its index among the active torrents; -1 if it is not active.</summary>
    public int Place { get; set; } = -1;

    /// <summary>Its neighbours among the torrents with equally many connections, and that number; see <see cref="RichestFirst"/>.</summary>
    public (Competitor? Before, Competitor? After, int Connections) Rank { get; set; }

    /// <summary>Whether it uses or wants any shared resource; others are skipped.</summary>
    public bool IsActive => Demand != default || Connections > 0 || Allotment != default || WantedBlocks > 0;
}
