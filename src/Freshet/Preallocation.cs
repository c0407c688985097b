namespace Freshet;

/// <summary>How disk space is taken for files.</summary>
public enum Preallocation
{
    /// <summary>
    /// As data arrives; files have holes until they are complete. Starts at once and never takes more than was downloaded.
    /// </summary>
    Sparse,

    /// <summary>All at the start: a full disk is noticed then, and files lie in fewer parts.</summary>
    Full,
}
