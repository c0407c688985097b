using Freshet.Core.Torrents;
using Spectre.Console;

namespace Freshet.Cli.Transfers;

/// <summary>The colours of the live screen.</summary>
internal static class ScreenStyles
{
    public static Style Name { get; } = new(decoration: Decoration.Bold);

    public static Style Good { get; } = new(Color.Green);

    public static Style Trouble { get; } = new(Color.Yellow);

    public static Style Bad { get; } = new(Color.Red);

    public static Style Rest { get; } = new(Color.Grey);

    public static Style OfWords(TorrentStatus status) => status.State switch
    {
        TorrentState.Failed => Bad,
        TorrentState.WaitingForDisk => Trouble,
        _ => Rest,
    };

    public static Style OfBar(TorrentStatus status) => OfWords(status) == Rest ? Good : OfWords(status);
}
