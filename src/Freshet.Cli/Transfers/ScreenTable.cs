using Freshet.Cli.Output;
using Freshet.Core.Torrents;
using Spectre.Console.Rendering;

namespace Freshet.Cli.Transfers;

/// <summary>One line for each torrent, in columns. A narrow window shows fewer columns, the most important first.</summary>
internal sealed class ScreenTable
{
    private const int ShortestName = 8;
    private const int LongestName = 40;
    private const int RateWidth = 10;
    private const int PercentWidth = 6;
    private const int TimeWidth = 8;
    private const int PeersWidth = 5;
    private const int ColumnsThatMatter = 3;
    private const string Gap = "  ";

    private readonly int _columns;
    private readonly int _nameWidth;

    /// <param name="statuses">The torrents: the column of names is as wide as the longest, if possible.</param>
    /// <param name="width">The width of the window in columns.</param>
    public ScreenTable(IEnumerable<TorrentStatus> statuses, int width)
    {
        int[] widths = [PercentWidth, RateWidth, TimeWidth, RateWidth, PeersWidth];
        int wanted = Math.Clamp(
            statuses.Select(status => ScreenText.WidthOf(SafeText.Of(status.Name))).DefaultIfEmpty().Max(),
            ShortestName,
            LongestName);
        int room = width - 1;
        while (_columns < widths.Length
            && widths.Take(_columns + 1).Sum(column => column + Gap.Length) + LeastName(_columns, wanted, room) <= room)
            _columns++;
        _nameWidth = Math.Max(ShortestName, Math.Min(wanted, room - widths.Take(_columns).Sum(column => column + Gap.Length)));
    }

    public IReadOnlyList<Segment> Header =>
        [new Segment(ScreenText.Pad("", _nameWidth) + Numbers("done", "down", "left", "up", "peers"), ScreenStyles.Rest)];

    public IReadOnlyList<Segment> RowOf(TorrentStatus status)
    {
        Segment name = new(ScreenText.Pad(SafeText.Of(status.Name), _nameWidth), ScreenStyles.Name);
        string percent = StatusWords.Percent(status);
        if (status.State is TorrentState.Failed or TorrentState.WaitingForDisk)
        {
            string words = $"{StatusWords.Of(status.State)}: {SafeText.Of(Secrets.Mask(status.Reason ?? status.Why))}";
            return [name, new Segment(Gap + percent.PadLeft(PercentWidth)), new Segment(Gap + words, ScreenStyles.OfWords(status))];
        }

        if (status.State == TorrentState.FetchingMetadata)
            return [name, new Segment(Gap + "fetching metadata", ScreenStyles.Rest)];
        return status.State == TorrentState.Checking
            ? [name, new Segment(Gap + percent.PadLeft(PercentWidth)), new Segment(Gap + "checking", ScreenStyles.Rest)]
            : [name, new Segment(Numbers(
                percent,
                status.State == TorrentState.Seeding ? "" : status.DownloadRate.ToString(),
                status.Eta is { } left ? Words.OfShort(left) : "",
                status.UploadRate.ToString(),
                Words.Number(status.Peers)))];
    }

    // The most important columns take room from the names, the others do not.
    private static int LeastName(int column, int wanted, int room) =>
        column < ColumnsThatMatter ? ShortestName : Math.Min(wanted, room / 3);

    private string Numbers(string percent, string down, string left, string up, string peers)
    {
        (string Text, int Width)[] cells =
            [(percent, PercentWidth), (down, RateWidth), (left, TimeWidth), (up, RateWidth), (peers, PeersWidth)];
        return string.Concat(cells.Take(_columns).Select(cell => Gap + cell.Text.PadLeft(cell.Width)));
    }
}
