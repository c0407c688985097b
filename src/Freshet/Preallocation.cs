namespace Freshet;

/// <summary>How disk space is allocated for files.</summary>
public enum Preallocation
{
    /// <summary>
    /// As data arrives: files are sparse until they are complete. Starts at once and never uses more space than was downloaded.
    /// </summary>
    Sparse,

    /// <summary>All at the start: a full disk is noticed right away, and files are less fragmented.</summary>
    Full,
}
