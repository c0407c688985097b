using Freshet.Cli.Output;
using Freshet.Core.Torrents;
using Spectre.Console.Rendering;

namespace Freshet.Cli.Transfers;

/// <summary>The line of a torrent with its bar and its numbers.</summary>
internal static class ScreenBar
{
    private const int MinWidth = 10;
    private const int MaxWidth = 60;
    private const int RoomForNumbers = 84;
    private const int RoomForBar = 66;

    public static Segment[] Of(TorrentStatus status, int width)
    {
        string percent = Words.Percent(status.Progress).PadLeft(6);
        string numbers = status.State == TorrentState.Checking ? "  checking" : "  " + StatusWords.PaddedNumbers(status);
        if (width < RoomForBar)
            return [new Segment(" " + percent), new Segment(numbers)];

        // The bar's width depends on the window's alone: numbers that grow and shrink do not make it jump.
        int barWidth = Math.Clamp(width - RoomForNumbers, MinWidth, MaxWidth);
        int filled = (int)(Math.Clamp(status.Progress, 0, 1) * barWidth);

        // Without colours the two halves of the bar could not be told apart, so the missing part is dots.
        return
        [
            new Segment(new string('━', filled), ScreenStyles.OfBar(status)),
            new Segment(new string('·', barWidth - filled), ScreenStyles.Rest),
            new Segment(" " + percent),
            new Segment(numbers),
        ];
    }
}
