namespace Freshet.Core.Torrents;

/// <summary>What was asked of the disk.</summary>
internal enum DiskOperation
{
    /// <summary>Taking what peers sent.</summary>
    Write,

    /// <summary>Giving what peers ask for.</summary>
    Read,

    /// <summary>Giving what is there already, to be hashed.</summary>
    Check,
}
