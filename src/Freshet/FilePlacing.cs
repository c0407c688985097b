namespace Freshet;

/// <summary>How files that were found elsewhere get their names in a torrent's folder.</summary>
public enum FilePlacing
{
    /// <summary>
    /// They are copied, where the file system can by sharing their blocks (a reflink), which takes neither time nor space.
    /// </summary>
    Copy,

    /// <summary>
    /// Files that are whole get a second name (a hard link), so that they take no space. Both names are one file: do not change it under
    /// the other name. Files of which something is missing, and those on another file system, are copied.
    /// </summary>
    Link,
}
