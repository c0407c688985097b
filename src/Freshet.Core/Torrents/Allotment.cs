namespace Freshet.Core.Torrents;

/// <summary>
/// A torrent's share of the resources that the torrents of a session compete for. The torrent never asks for more, so no request is made in
/// vain.
/// </summary>
/// <param name="Dials">The most dials in progress at once.</param>
/// <param name="UploadSlots">The most peers that may be unchoked at once.</param>
/// <param name="MayCheck">Whether the torrent may read and hash its files now.</param>
internal readonly record struct Allotment(int Dials, int UploadSlots, bool MayCheck)
{
    /// <summary>The torrent's place in the queue of torrents that wait to become active; null if it may be active.</summary>
    public QueuePlace? Waits { get; init; }

    /// <summary>The torrent's place in the queue of torrents that wait to be checked; null if it is not queued or may check now.</summary>
    public QueuePlace? WaitsForCheck { get; init; }

    /// <summary>The allotment before the session has granted anything.</summary>
    public static Allotment None => default;

    /// <summary>The allotment of a torrent that does not compete with others.</summary>
    public static Allotment Unlimited => new(int.MaxValue, int.MaxValue, true);
}
