namespace Freshet.Core.Torrents;

/// <summary>Which peers a seed uploads to. One slot goes round among all of them in any case.</summary>
public enum SeedChoking
{
    /// <summary>Those that take the most, since they can pass on the most. The default.</summary>
    FastestUpload,

    /// <summary>Each in its turn, for so long as it takes to send it some pieces.</summary>
    RoundRobin,

    /// <summary>
    /// Those that have just begun and those that are nearly done, before those halfway: whoever takes and gives nothing is slow to begin.
    /// </summary>
    AntiLeech,
}
