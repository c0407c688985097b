namespace Freshet.Core.Torrents;

/// <summary>What a torrent is active for, or would be if it were not queued.</summary>
internal enum Activity
{
    /// <summary>Nothing: it is stopped, or its files must be checked first.</summary>
    None,

    /// <summary>Downloading, including its metadata.</summary>
    Download,

    /// <summary>Seeding.</summary>
    Seed,
}
