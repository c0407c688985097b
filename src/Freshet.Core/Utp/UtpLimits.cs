namespace Freshet.Core.Utp;

/// <summary>What bounds uTP, beyond what all of UDP has in <see cref="Limits"/>.</summary>
internal static class UtpLimits
{
    /// <summary>
    /// Bytes that a uTP connection has room for at first (BEP 29): more than any home line needs, less than sockets drop in a burst.
    /// </summary>
    public const int FirstWindow = 256 * 1024;

    /// <summary>Bytes under way on one uTP connection: a gigabit a second around the world.</summary>
    public const int MaxWindow = 32 * 1024 * 1024;

    /// <summary>Bytes that all uTP connections of a socket may have room for, beyond the first of each.</summary>
    public const int MaxWindows = 128 * 1024 * 1024;

    /// <summary>
    /// Packets under way on one uTP connection: less than half of all numbers, or old and new ones could not be told apart.
    /// </summary>
    public const int MaxPacketsUnderWay = 28_000;

    /// <summary>Packets of all uTP connections of a socket that wait in memory, of 1.5 KiB each.</summary>
    public const int MaxPackets = 64 * 1024;

    /// <summary>Bytes of a uTP connection that wait to become packets.</summary>
    public const int MaxUnsent = 512 * 1024;

    /// <summary>How long a uTP connection that was closed tries to get its last bytes across.</summary>
    public const int LingerSeconds = 10;
}
