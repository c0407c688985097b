namespace Freshet.Disk.Moving;

/// <summary>Limits of moving files.</summary>
internal static class MoveLimits
{
    /// <summary>Bytes copied or compared in one disk call: others get their turn in between.</summary>
    public const int StepLength = 32 << 20;

    /// <summary>Bytes read at once.</summary>
    public const int BufferLength = 1 << 20;
}
