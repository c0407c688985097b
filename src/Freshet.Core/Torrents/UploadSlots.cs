using Freshet.Core.Rates;

namespace Freshet.Core.Torrents;

/// <summary>Determines how many peers may be unchoked at once.</summary>
internal sealed class UploadSlots(TorrentContext torrent)
{
    /// <summary>The number of slots if no other torrent competed for them.</summary>
    public int Wanted { get; private set; } = torrent.Settings.UploadSlots ?? Least(torrent.Settings);

    /// <summary>The number of slots, never more than the session allots.</summary>
    public int Allowed => Math.Min(Wanted, torrent.Allotment.UploadSlots);

    /// <summary>
    /// Takes the number from the settings, or else as many slots as the upload rate can serve: the square root of 0.6 × the rate in KiB/s,
    /// as in mainline, so that both the number of slots and the rate of each grow with the upload rate.
    /// </summary>
    public void Update(Timestamp now)
    {
        double kibibytes = torrent.Upload.RateAt(now).BytesPerSecond / 1024.0;
        Wanted = torrent.Settings.UploadSlots
            ?? (int)Math.Clamp(Math.Sqrt(0.6 * kibibytes), Least(torrent.Settings), Limits.MaxUploadSlots);
    }

    /// <summary>
    /// The most slots under an upload limit so low that the usual number would leave too little for each, as in mainline; null if the limit
    /// is not that low.
    /// </summary>
    public static int? Most(DataRate? limit) => (limit?.BytesPerSecond / 1024.0) switch
    {
        null => null,
        < 9 => 2,
        < 15 => 3,
        < 42 => 4,
        { } kibibytes when Math.Sqrt(0.6 * kibibytes) < Limits.MinUploadSlots => (int)Math.Sqrt(0.6 * kibibytes),
        _ => null,
    };

    private static int Least(TorrentSettings settings) => Most(settings.MaxUploadRate) ?? Limits.MinUploadSlots;
}
