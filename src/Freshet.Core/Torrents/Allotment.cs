namespace Freshet.Core.Torrents;

/// <summary>
/// What a torrent may use of what all torrents of a session compete for. It asks for nothing beyond it, so nothing is tried in vain.
/// </summary>
/// <param name="Dials">The most dials under way at once.</param>
/// <param name="UploadSlots">The most peers that may request of us at once.</param>
/// <param name="MayCheck">Whether it is its turn to read and hash what is on disk.</param>
internal readonly record struct Allotment(int Dials, int UploadSlots, bool MayCheck)
{
    /// <summary>Where it stands in the queue of those that wait until they may be active; null if it may be.</summary>
    public QueuePlace? Waits { get; init; }

    /// <summary>Where it stands in the queue of those to be checked; null if it is in none, or its turn has come.</summary>
    public QueuePlace? WaitsForCheck { get; init; }

    /// <summary>What a torrent has before it was allotted anything.</summary>
    public static Allotment None => default;

    /// <summary>For a torrent that competes with nobody.</summary>
    public static Allotment Unlimited => new(int.MaxValue, int.MaxValue, true);
}
