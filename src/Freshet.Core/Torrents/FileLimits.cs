namespace Freshet.Core.Torrents;

/// <summary>Bounds on operations with a torrent's files.</summary>
internal static class FileLimits
{
    /// <summary>The first and the last 1/<c>EdgeShare</c> of a file are its edges; each edge is at least one piece.</summary>
    public const int EdgeShare = 100;
}
