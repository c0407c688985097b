namespace Freshet.Core.Peers;

/// <summary>The bounds of lists of blocked addresses.</summary>
internal static class FilterLimits
{
    /// <summary>Ranges of a list, before those that touch are made one. The largest lists that people use have half a million.</summary>
    public const int MaxRanges = 2_000_000;

    /// <summary>Bytes of a line. A longer one is a bad line.</summary>
    public const int MaxLine = 4_096;

    /// <summary>Bad lines that are named; the others are only counted.</summary>
    public const int MaxNamedErrors = 10;

    /// <summary>Colons of a line after which its range may begin: names have colons too.</summary>
    public const int MaxColons = 32;

    /// <summary>Bytes of a list, unpacked. A packed one of a few KiB could make any number of them.</summary>
    public const long MaxFile = 512L * 1024 * 1024;
}
