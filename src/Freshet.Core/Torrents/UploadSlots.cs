using Freshet.Core.Rates;

namespace Freshet.Core.Torrents;

/// <summary>How many peers may request of us at once.</summary>
internal sealed class UploadSlots(TorrentContext torrent)
{
    /// <summary>How many there would be if no other torrent competed for them.</summary>
    public int Wanted { get; private set; } = torrent.Settings.UploadSlots ?? Least(torrent.Settings);

    /// <summary>How many there are: never more than the session allots.</summary>
    public int Allowed => Math.Min(Wanted, torrent.Allotment.UploadSlots);

    /// <summary>
    /// Takes what the settings say, or else as many as the rate of sending feeds: the square root of six tenths of the KiB per second, as
    /// mainline had it, so that both the slots and what each of them gets grow with the rate.
    /// </summary>
    public void Update(Timestamp now)
    {
        double kibibytes = torrent.Upload.RateAt(now).BytesPerSecond / 1024.0;
        Wanted = torrent.Settings.UploadSlots
            ?? (int)Math.Clamp(Math.Sqrt(0.6 * kibibytes), Least(torrent.Settings), Limits.MaxUploadSlots);
    }

    /// <summary>
    /// The most slots under a limit so low that the usual number would get too little each, as mainline had it; null if it is not.
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
