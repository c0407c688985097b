namespace Freshet.Core.Torrents;

/// <summary>The kind of a disk operation.</summary>
internal enum DiskOperation
{
    /// <summary>Writing what peers sent.</summary>
    Write,

    /// <summary>Reading what peers request.</summary>
    Read,

    /// <summary>Reading existing data to hash it.</summary>
    Check,
}
