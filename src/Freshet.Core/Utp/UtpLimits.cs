namespace Freshet.Core.Utp;

/// <summary>Bounds of uTP, in addition to those of all UDP traffic in <see cref="Limits"/>.</summary>
internal static class UtpLimits
{
    /// <summary>
    /// The initial receive window of a uTP connection in bytes (BEP 29): more than any home connection needs, less than sockets drop in a
    /// burst.
    /// </summary>
    public const int FirstWindow = 256 * 1024;

    /// <summary>
    /// Bytes in flight on one uTP connection, and its receive window. One gigabit per second over 200 ms is 25 MB in flight and, on a path
    /// that loses packets, as much again that waits at the receiver while a lost packet is sent again.
    /// </summary>
    public const int MaxWindow = 64 * 1024 * 1024;

    /// <summary>
    /// Receive window bytes of all uTP connections of a socket together, beyond the initial window of each. No connection gets more than
    /// half of what is left: enough for one on the longest path.
    /// </summary>
    public const int MaxWindows = 3 * MaxWindow;

    /// <summary>
    /// Packets in flight on one uTP connection, with those that have arrived after a gap: less than half of all sequence numbers, so that
    /// old and new ones can be told apart.
    /// </summary>
    public const int MaxPacketsUnderWay = 32_500;

    /// <summary>
    /// Packets of all uTP connections of a socket that are kept in memory, 1.5 KiB each, as they are needed. No connection gets more than
    /// half of what is left: enough for two on the longest paths.
    /// </summary>
    public const int MaxPackets = 128 * 1024;

    /// <summary>Bytes of a uTP connection that wait to be put into packets.</summary>
    public const int MaxUnsent = 512 * 1024;

    /// <summary>How long a closed uTP connection keeps trying to deliver its last bytes, in seconds.</summary>
    public const int LingerSeconds = 10;
}
