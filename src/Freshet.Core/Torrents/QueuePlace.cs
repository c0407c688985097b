namespace Freshet.Core.Torrents;

/// <summary>Where a torrent stands that waits until it may be active, or be checked.</summary>
/// <param name="Behind">How many that wait come before it; see <see cref="Settle"/>. -1 before the session has said.</param>
/// <param name="Most">How many may be at it at once.</param>
/// <param name="Limit">At what.</param>
internal readonly record struct QueuePlace(int Behind, int Most, QueueLimit Limit)
{
    /// <summary>Up to here the number is exact; it may lag behind by an eighth beyond.</summary>
    public const int MostExact = 16;

    /// <summary>For a torrent of which the session has not said yet whether it must wait.</summary>
    public static QueuePlace Unknown => new(-1, 0, QueueLimit.Active);

    /// <summary>
    /// What to tell a torrent that was told of so many before it. Thousands may wait, and each of them would hear of every one that leaves.
    /// </summary>
    public static int Settle(int told, int behind) => behind <= MostExact || Math.Abs(behind - told) > told / 8 ? behind : told;
}
