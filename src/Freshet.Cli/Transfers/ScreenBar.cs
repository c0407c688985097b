using Freshet.Cli.Output;
using Freshet.Core.Torrents;
using Spectre.Console.Rendering;

namespace Freshet.Cli.Transfers;

/// <summary>
/// The line of a torrent with its bar and numbers. A narrow window shows fewer of them: progress and download rate matter most, then the
/// time left, then the upload rate; the bar gets the rest.
/// </summary>
internal static class ScreenBar
{
    private const int MinWidth = 5;
    private const int MaxWidth = 60;
    private const int PercentWidth = 6;
    private const int DownWidth = 17;
    private const int TimeWidth = 14;
    private const int UpWidth = 15;
    private const int AllNumbers = 1 + PercentWidth + DownWidth + TimeWidth + UpWidth;
    private const string Gap = "  ";

    public static Segment[] Of(TorrentStatus status, int width)
    {
        int room = width - 1;
        string percent = " " + StatusWords.Percent(status).PadLeft(PercentWidth);

        // The bar's width depends on the window's alone, so that changing numbers do not make it jump.
        int barWidth = Math.Min(room - AllNumbers, MaxWidth);
        if (barWidth < MinWidth)
            return [new Segment(percent), new Segment(Numbers(status, room - percent.Length))];
        int filled = (int)(Math.Clamp(status.Progress, 0, 1) * barWidth);

        // Without colours the two parts of the bar would look the same, so the missing part is dots.
        return
        [
            new Segment(new string('━', filled), ScreenStyles.OfBar(status)),
            new Segment(new string('·', barWidth - filled), ScreenStyles.Rest),
            new Segment(percent),
            new Segment(Numbers(status, room - barWidth - percent.Length)),
        ];
    }

    /// <summary>In columns that stay in place while the numbers change.</summary>
    private static string Numbers(TorrentStatus status, int room)
    {
        if (status.State == TorrentState.Checking)
            return Gap + "checking";
        string up = $"{Gap}up {status.UploadRate}";
        if (status.State == TorrentState.Seeding)
            return up;
        string numbers = $"{Gap}down {status.DownloadRate}".PadRight(DownWidth);
        if (room >= DownWidth + TimeWidth)
            numbers += (status.Eta is { } left ? $"{Gap}{Words.OfShort(left)} left" : "").PadRight(TimeWidth);
        return (room >= DownWidth + TimeWidth + UpWidth ? numbers + up : numbers).TrimEnd();
    }
}
