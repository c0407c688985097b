namespace Freshet.Disk;

/// <summary>What a worker is asked to do.</summary>
internal enum DiskAction
{
    Write,
    Discard,
    Restore,
    Probe,
    Flush,
    Close,
}
