using Freshet.Cli.Output;
using Freshet.Core.Metainfo;
using Freshet.Core.Torrents;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Freshet.Cli.Transfers;

/// <summary>
/// The lines that a terminal shows for the torrents of a run: three for each while there is room, otherwise one; the most important
/// torrents if there is not enough room for all; and the totals below them.
/// </summary>
internal static class LiveScreen
{
    private const int LinesOfBlock = 3;

    /// <param name="statuses">All torrents, in the user's order.</param>
    /// <param name="seeding">Those that continue when they are complete. The others need no line any more.</param>
    /// <param name="width">The width of the window in columns.</param>
    /// <param name="room">The maximum number of lines.</param>
    /// <returns>The lines, each split into parts of one style.</returns>
    public static List<IReadOnlyList<Segment>> Of(
        IReadOnlyList<TorrentStatus> statuses, IReadOnlySet<InfoHash> seeding, int width, int room)
    {
        List<IReadOnlyList<Segment>> lines = [];
        TorrentStatus[] shown = [.. statuses.Where(status => status.State != TorrentState.Seeding || seeding.Contains(status.InfoHash))];
        int totals = statuses.Count > 1 ? 1 : 0;
        if (shown.Length * LinesOfBlock + totals <= room)
            AddBlocks(lines, shown, width);
        else
            AddRows(lines, shown, width, room - totals);
        if (totals > 0)
            lines.Add(TotalsLine.Of(statuses, seeding, width));
        return lines;
    }

    private static void AddBlocks(List<IReadOnlyList<Segment>> lines, TorrentStatus[] statuses, int width)
    {
        foreach (TorrentStatus status in statuses)
        {
            lines.Add(ScreenTitle.Of(status, width));
            lines.Add(ScreenBar.Of(status, width));
            lines.Add([new Segment("  " + SafeText.Of(Secrets.Mask(status.Reason ?? status.Why)), ScreenStyles.OfWords(status))]);
        }
    }

    private static void AddRows(List<IReadOnlyList<Segment>> lines, TorrentStatus[] statuses, int width, int room)
    {
        ScreenTable table = new(statuses, width);
        bool hasHeader = room > LinesOfBlock;
        if (hasHeader)
            lines.Add(table.Header);
        int rows = room - lines.Count;
        if (statuses.Length <= rows)
        {
            lines.AddRange(statuses.Select(table.RowOf));
            return;
        }

        // The last row sums up those that have none.
        TorrentStatus[] ordered = [.. statuses.OrderBy(ScreenOrder.RankOf)];
        lines.AddRange(ordered.Take(Math.Max(0, rows - 1)).Select(table.RowOf));
        if (rows > 0)
            lines.Add([new Segment(TotalsLine.OfMore(ordered[Math.Max(0, rows - 1)..], width), ScreenStyles.Rest)]);
    }
}
