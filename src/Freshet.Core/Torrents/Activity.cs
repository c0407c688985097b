namespace Freshet.Core.Torrents;

/// <summary>What a torrent is active for, or would be if it were its turn.</summary>
internal enum Activity
{
    /// <summary>Nothing: it is stopped, or its files are checked first.</summary>
    None,

    /// <summary>To download, its metadata included.</summary>
    Download,

    /// <summary>To seed.</summary>
    Seed,
}
