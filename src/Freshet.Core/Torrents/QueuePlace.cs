namespace Freshet.Core.Torrents;

/// <summary>The place of a torrent that waits to become active or to be checked.</summary>
/// <param name="Behind">
/// How many waiting torrents are ahead of it; see <see cref="ToReport"/>. -1 before the session has reported it.
/// </param>
/// <param name="Most">How many torrents the limit allows at once.</param>
/// <param name="Limit">The limit that makes it wait.</param>
internal readonly record struct QueuePlace(int Behind, int Most, QueueLimit Limit)
{
    /// <summary>Up to this value the number is exact; above, it may lag behind by an eighth.</summary>
    public const int MostExact = 16;

    /// <summary>The place of a torrent before the session has reported whether it must wait.</summary>
    public static QueuePlace Unknown => new(-1, 0, QueueLimit.Active);

    /// <summary>
    /// The number to report to a torrent whose last report was <paramref name="reported"/>. Thousands may wait, and without this each would
    /// be notified of every one that leaves.
    /// </summary>
    public static int ToReport(int reported, int behind) =>
        behind <= MostExact || Math.Abs(behind - reported) > reported / 8 ? behind : reported;
}
