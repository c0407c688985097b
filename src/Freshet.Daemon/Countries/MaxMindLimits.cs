namespace Freshet.Daemon.Countries;

/// <summary>Limits of a MaxMind DB.</summary>
internal static class MaxMindLimits
{
    /// <summary>The maximum file size. Databases of cities have about 60 MiB.</summary>
    public const int MaxFile = 512 * 1024 * 1024;

    /// <summary>The maximum distance of the metadata from the end of the file, as specified.</summary>
    public const int MaxMetadata = 128 * 1024;

    /// <summary>
    /// The maximum number of values that one lookup reads or skips. Databases of cities have about a hundred per address.
    /// </summary>
    public const int MaxValues = 4_096;

    /// <summary>The maximum length of text that is read.</summary>
    public const int MaxText = 256;
}
