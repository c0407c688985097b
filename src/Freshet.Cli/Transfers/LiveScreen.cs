using Freshet.Cli.Output;
using Freshet.Core.Torrents;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Freshet.Cli.Transfers;

/// <summary>What a terminal shows of the torrents of a run: for each its name and bar, its numbers, and what is going on and why.</summary>
internal static class LiveScreen
{
    private const int MinBarWidth = 10;
    private const int MaxBarWidth = 60;
    private const int RoomForNumbers = 80;
    private const int RoomForBar = 66;

    private static readonly Style Name = new(decoration: Decoration.Bold);
    private static readonly Style Good = new(Color.Green);
    private static readonly Style Trouble = new(Color.Yellow);
    private static readonly Style Rest = new(Color.Grey);

    /// <summary>The screen's lines, each in parts of a style.</summary>
    public static List<IReadOnlyList<Segment>> Of(IReadOnlyList<TorrentStatus> statuses, int width)
    {
        List<IReadOnlyList<Segment>> lines = new(statuses.Count * 3);
        foreach (TorrentStatus status in statuses)
        {
            lines.Add([new Segment(SafeText.Of(status.Name), Name), new Segment("  " + Amount(status), Rest)]);
            lines.Add(Bar(status, width));
            lines.Add([new Segment("  " + SafeText.Of(status.Reason ?? status.Why), IsTrouble(status) ? Trouble : Rest)]);
        }

        return lines;
    }

    private static Segment[] Bar(TorrentStatus status, int width)
    {
        string percent = Words.Percent(status.Progress).PadLeft(6);
        string numbers = status.State == TorrentState.Checking ? "  checking" : "  " + StatusWords.Numbers(status);
        if (width < RoomForBar)
            return [new Segment(" " + percent), new Segment(numbers)];

        // Of the window's width alone: numbers that grow and shrink do not make the bar jump.
        int barWidth = Math.Clamp(width - RoomForNumbers, MinBarWidth, MaxBarWidth);
        int filled = (int)(Math.Clamp(status.Progress, 0, 1) * barWidth);

        // Without colours the two halves of the bar could not be told apart, so the missing part is dots.
        return
        [
            new Segment(new string('━', filled), IsTrouble(status) ? Trouble : Good),
            new Segment(new string('·', barWidth - filled), Rest),
            new Segment(" " + percent),
            new Segment(numbers),
        ];
    }

    private static string Amount(TorrentStatus status) =>
        status.Left.Bytes > 0 && status.State != TorrentState.Checking ? $"{status.Left} to go" : $"{Words.Count(status.PieceCount, "piece")}";

    private static bool IsTrouble(TorrentStatus status) => status.State is TorrentState.Paused or TorrentState.Failed;
}
