using Freshet.Core.Torrents;

namespace Freshet.Core.Sessions;

/// <summary>
/// Decides which torrents may be active: in the order of their positions, as many downloads as allowed, then as many seeds. Forced torrents
/// do not wait and are not counted; slow ones keep their turn and count only towards the overall limit.
/// </summary>
internal sealed class QueueTurns
{
    private static readonly Comparer<Competitor> ByPosition = Comparer<Competitor>.Create(static (a, b) =>
        a.Position != b.Position ? a.Position.CompareTo(b.Position) : a.Key.Value.CompareTo(b.Key.Value));

    private readonly SortedSet<Competitor> _downloads = new(ByPosition);
    private readonly SortedSet<Competitor> _seeds = new(ByPosition);
    private bool _hasLimits;

    /// <summary>A torrent wants to be active for this purpose from now on.</summary>
    public void Join(Competitor torrent, Activity activity)
    {
        if (torrent.Queue == SetOf(activity))
            return;
        Leave(torrent);
        torrent.Queue = SetOf(activity);
        torrent.Queue?.Add(torrent);
    }

    /// <summary>A torrent no longer wants to be active.</summary>
    public static void Leave(Competitor torrent)
    {
        torrent.Queue?.Remove(torrent);
        torrent.Queue = null;
        torrent.Waits = null;
    }

    /// <summary>A torrent's position in the order has changed.</summary>
    public static void Place(Competitor torrent, long position)
    {
        torrent.Queue?.Remove(torrent);
        torrent.Position = position;
        torrent.Queue?.Add(torrent);
    }

    /// <summary>Updates for each torrent whether it may be active, or its place in the queue.</summary>
    public void Serve(QueueLimits limits)
    {
        if (limits.AreNone && !_hasLimits)
            return;
        _hasLimits = !limits.AreNone;
        int left = limits.Active;
        Serve(_downloads, limits.Downloads, new QueuePlace(0, limits.Downloads, QueueLimit.Downloads), limits.Active, ref left);
        Serve(_seeds, limits.Seeds, new QueuePlace(0, limits.Seeds, QueueLimit.Seeds), limits.Active, ref left);
    }

    private static void Serve(SortedSet<Competitor> torrents, int most, QueuePlace full, int mostOfAll, ref int left)
    {
        int behind = 0;
        foreach (Competitor torrent in torrents)
        {
            if (torrent.Demand.IsForced)
            {
                torrent.Waits = null;
            }
            else if (left > 0 && torrent.Demand.IsSlow && torrent.Waits is null)
            {
                left--;
            }
            else if (left > 0 && most > 0)
            {
                torrent.Waits = null;
                left--;
                most--;
            }
            else
            {
                int reported = QueuePlace.ToReport(torrent.Waits?.Behind ?? 0, behind++);
                torrent.Waits = most > 0 ? new QueuePlace(reported, mostOfAll, QueueLimit.Active) : full with { Behind = reported };
            }
        }
    }

    private SortedSet<Competitor>? SetOf(Activity activity) => activity switch
    {
        Activity.Download => _downloads,
        Activity.Seed => _seeds,
        _ => null,
    };
}
