namespace Freshet.Core.Utp;

/// <summary>Bounds of uTP, in addition to those of all UDP traffic in <see cref="Limits"/>.</summary>
internal static class UtpLimits
{
    /// <summary>
    /// The initial receive window of a uTP connection in bytes (BEP 29): more than any home connection needs, less than sockets drop in a
    /// burst.
    /// </summary>
    public const int FirstWindow = 256 * 1024;

    /// <summary>Bytes in flight on one uTP connection: one gigabit per second around the world.</summary>
    public const int MaxWindow = 32 * 1024 * 1024;

    /// <summary>Receive window bytes of all uTP connections of a socket together, beyond the initial window of each.</summary>
    public const int MaxWindows = 128 * 1024 * 1024;

    /// <summary>
    /// Packets in flight on one uTP connection: less than half of all sequence numbers, so that old and new ones can be told apart.
    /// </summary>
    public const int MaxPacketsUnderWay = 28_000;

    /// <summary>Packets of all uTP connections of a socket that are kept in memory, 1.5 KiB each.</summary>
    public const int MaxPackets = 64 * 1024;

    /// <summary>Bytes of a uTP connection that wait to be put into packets.</summary>
    public const int MaxUnsent = 512 * 1024;

    /// <summary>How long a closed uTP connection keeps trying to deliver its last bytes, in seconds.</summary>
    public const int LingerSeconds = 10;
}
