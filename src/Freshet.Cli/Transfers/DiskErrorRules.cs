using Freshet.Core.Torrents;

namespace Freshet.Cli.Transfers;

/// <summary>Applies <see cref="DiskErrors"/>.</summary>
internal static class DiskErrorRules
{
    /// <param name="rule">The user's choice.</param>
    /// <param name="reason">Why the torrent is waiting for the disk.</param>
    /// <param name="hasWritten">Whether the torrent has written anything in this run.</param>
    public static bool IsFatal(this DiskErrors rule, TorrentReason reason, bool hasWritten) => rule switch
    {
        DiskErrors.Wait => false,
        DiskErrors.Fail => true,
        _ => !hasWritten && IsForTheUser(reason),
    };

    private static bool IsForTheUser(TorrentReason reason) =>
        reason is
        TorrentReason.PermissionDenied or TorrentReason.ReadOnly or TorrentReason.UnsafePath or TorrentReason.NotAFile
        or TorrentReason.FileTooLarge;
}
