namespace Freshet.Core.Peers;

/// <summary>Bounds of blocklists.</summary>
internal static class FilterLimits
{
    /// <summary>Ranges in a list, before touching ones are merged. The largest lists in use have half a million.</summary>
    public const int MaxRanges = 2_000_000;

    /// <summary>Bytes of a line. A longer line counts as bad.</summary>
    public const int MaxLine = 4_096;

    /// <summary>Bad lines that are reported individually; others are only counted.</summary>
    public const int MaxNamedErrors = 10;

    /// <summary>Colons of a line that are tried as the start of its range: names may contain colons.</summary>
    public const int MaxColons = 32;

    /// <summary>Bytes of a list, uncompressed. A compressed list of a few KiB could expand to any size.</summary>
    public const long MaxFile = 512L * 1024 * 1024;
}
