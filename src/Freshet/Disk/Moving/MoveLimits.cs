namespace Freshet.Disk.Moving;

/// <summary>The bounds of moving files.</summary>
internal static class MoveLimits
{
    /// <summary>So many bytes are copied or compared in one call to the disk: others get their turn in between.</summary>
    public const int StepLength = 32 << 20;

    /// <summary>So many bytes are read at once.</summary>
    public const int BufferLength = 1 << 20;
}
