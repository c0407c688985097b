namespace Freshet.Disk;

/// <summary>How disk space is taken for files that are yet to be downloaded.</summary>
public enum Allocation
{
    /// <summary>As data arrives; what is missing takes no space.</summary>
    Sparse,

    /// <summary>All at once before the download, so that the disk cannot fill up meanwhile and files lie in one run.</summary>
    Full,
}
