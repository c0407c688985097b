using System.Text;
using Freshet.Cli.Output;
using Freshet.Core.Torrents;
using Spectre.Console.Rendering;

namespace Freshet.Cli.Transfers;

/// <summary>One line for each torrent, in columns. A narrow window has fewer of them.</summary>
internal sealed class ScreenTable
{
    private const int ShortestName = 8;
    private const int LongestName = 40;
    private const int RateWidth = 10;
    private const int PercentWidth = 6;
    private const int TimeWidth = 7;
    private const int PeersWidth = 5;
    private const string Gap = "  ";

    private readonly int _columns;
    private readonly int _nameWidth;

    /// <param name="statuses">What it shows: the names' column is as wide as the longest of them, if it can be.</param>
    /// <param name="width">Columns of the window.</param>
    public ScreenTable(IEnumerable<TorrentStatus> statuses, int width)
    {
        int[] widths = [PercentWidth, RateWidth, RateWidth, TimeWidth, PeersWidth];
        int wanted = Math.Clamp(
            statuses.Select(status => Segment.CellCount([new Segment(SafeText.Of(status.Name))])).DefaultIfEmpty().Max(),
            ShortestName,
            LongestName);
        int room = width - 1;
        while (_columns < widths.Length
            && widths.Take(_columns + 1).Sum(column => column + Gap.Length) + Math.Min(wanted, room / 3) <= room)
            _columns++;
        _nameWidth = Math.Max(ShortestName, Math.Min(wanted, room - widths.Take(_columns).Sum(column => column + Gap.Length)));
    }

    public IReadOnlyList<Segment> Header =>
        [new Segment(Pad("") + Numbers("done", "down", "up", "left", "peers"), ScreenStyles.Rest)];

    public IReadOnlyList<Segment> RowOf(TorrentStatus status)
    {
        Segment name = new(Pad(SafeText.Of(status.Name)), ScreenStyles.Name);
        string percent = Words.Percent(status.Progress);
        if (status.State is TorrentState.Failed or TorrentState.WaitingForDisk)
        {
            string words = $"{Codes.Of(status.State)}: {SafeText.Of(status.Reason ?? status.Why)}";
            return [name, new Segment(Gap + percent.PadLeft(PercentWidth)), new Segment(Gap + words, ScreenStyles.OfWords(status))];
        }

        if (status.State == TorrentState.FetchingMetadata)
            return [name, new Segment(Gap + "fetching metadata", ScreenStyles.Rest)];
        return status.State == TorrentState.Checking
            ? [name, new Segment(Gap + percent.PadLeft(PercentWidth)), new Segment(Gap + "checking", ScreenStyles.Rest)]
            : [name, new Segment(Numbers(
                percent,
                status.State == TorrentState.Seeding ? "" : status.DownloadRate.ToString(),
                status.UploadRate.ToString(),
                status.Eta is { } left ? Words.Of(left) : "",
                Words.Number(status.Peers)))];
    }

    private string Numbers(string percent, string down, string up, string left, string peers)
    {
        (string Text, int Width)[] cells =
            [(percent, PercentWidth), (down, RateWidth), (up, RateWidth), (left, TimeWidth), (peers, PeersWidth)];
        return string.Concat(cells.Take(_columns).Select(cell => Gap + cell.Text.PadLeft(cell.Width)));
    }

    /// <summary>Makes a name as wide as its column; a character may take two cells.</summary>
    private string Pad(string name)
    {
        int cells = new Segment(name).CellCount();
        if (cells <= _nameWidth)
            return name + new string(' ', _nameWidth - cells);
        StringBuilder cut = new();
        int used = 0;
        foreach (Rune character in name.EnumerateRunes())
        {
            int width = new Segment(character.ToString()).CellCount();
            if (used + width > _nameWidth - 1)
                break;
            cut.Append(character);
            used += width;
        }

        return cut.Append('…').Append(' ', _nameWidth - 1 - used).ToString();
    }
}
