namespace Freshet.Daemon.Countries;

/// <summary>Bounds on what a MaxMind DB may be.</summary>
internal static class MaxMindLimits
{
    /// <summary>The largest file. Those of whole cities have some 60 MiB.</summary>
    public const int MaxFile = 512 * 1024 * 1024;

    /// <summary>Where the metadata must begin at the latest, counted from the end: the specification says so.</summary>
    public const int MaxMetadata = 128 * 1024;

    /// <summary>Values that one look-up reads or passes over. Those of whole cities have some hundred for an address.</summary>
    public const int MaxValues = 4_096;

    /// <summary>The longest text that is read.</summary>
    public const int MaxText = 256;
}
