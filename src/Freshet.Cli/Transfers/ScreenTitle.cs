using Freshet.Cli.Output;
using Freshet.Core.Torrents;
using Spectre.Console.Rendering;

namespace Freshet.Cli.Transfers;

/// <summary>The line of a torrent with its name and, as far as there is room, what is missing and its peers.</summary>
internal static class ScreenTitle
{
    private const int ShortestName = 16;
    private const string Gap = "  ";

    public static Segment[] Of(TorrentStatus status, int width)
    {
        string name = SafeText.Of(status.Name);
        string amount = Gap + Amount(status);
        string peers = $", {Words.Count(status.Peers, "peer")}, {Words.Count(status.Seeds, "seed")}";
        int least = Math.Min(ScreenText.WidthOf(name), ShortestName);
        string rest = new[] { amount + peers, amount }.FirstOrDefault(some => least + some.Length <= width - 1, "");
        return
        [
            new Segment(ScreenText.Cut(name, width - 1 - rest.Length), ScreenStyles.Name),
            new Segment(rest, ScreenStyles.Rest),
        ];
    }

    private static string Amount(TorrentStatus status) => status.State == TorrentState.FetchingMetadata
        ? "fetching metadata"
        : status.State == TorrentState.Checking || status.Left.Bytes == 0
        ? Words.Count(status.PieceCount, "piece")
        : $"{status.Left} missing";
}
