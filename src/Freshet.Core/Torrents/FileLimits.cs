namespace Freshet.Core.Torrents;

/// <summary>The bounds of what is done with a torrent's files.</summary>
internal static class FileLimits
{
    /// <summary>Of a file so many parts, the first and the last are its edges; at least a piece each.</summary>
    public const int EdgeShare = 100;
}
