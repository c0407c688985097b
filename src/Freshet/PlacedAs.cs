namespace Freshet;

/// <summary>How a file got its name in a torrent's folder.</summary>
public enum PlacedAs
{
    /// <summary>By a second name of the same file.</summary>
    Link,

    /// <summary>By a copy that shares its blocks with the original until one of them is changed.</summary>
    Clone,

    /// <summary>By a copy.</summary>
    Copy,
}
